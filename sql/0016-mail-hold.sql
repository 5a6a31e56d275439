-- Why a worker hands over no mail now: its mail server shows a bad certificate, wants another login, or is away. Null
-- while it does. Words of ours alone, never a server's own reply.
ALTER TABLE allclear.worker ADD COLUMN mail_hold text;
