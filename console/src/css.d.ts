/** The builder takes styles out into files of their own. */
declare module '*.css';
