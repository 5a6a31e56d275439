/**
 * 2,048 plain English words, in the order of the alphabet: eleven bits each. No two begin with the same four letters, and
 * none is longer than eight, so that a word is known before it is said to its end. Their order is part of what two people
 * compare: it never changes.
 */
export const wordList: readonly string[] = `
abacus abbey abide about above abrupt absent absorb academy accent acclaim accord acid acorn acoustic acquire
acre across actor actual adapt addition adhere adjourn adjust admiral adobe adopt adult advance adverb advice
aerial aerobic affair affirm afford again agate agenda agile agree ailment airline airport aisle alarm album
alcove alert algae alien alike alive alley allow almanac almond aloft alone aloud alpine also alto amateur
amazing amber amend amount ample amuse anatomy anchor angle angry animal ankle annual answer antique antler
anvil anyhow apart apology appeal apple apricot apron aquarium arcade arch arctic area arena argue armor aroma
around arrange arrive arrow artery artist ascend ashen ashore aside aspen asphalt asset astro athlete atlas
atom atrium attic auburn audio august aunt aura author autumn avenue avid avocado avoid awake aware awning
axiom axis axle azure babble baboon baby backup bacon badge bagel baggage baker balcony ball bamboo banana
bandit banjo bank barber bargain barley barn basalt basil basket bassoon bath baton bayleaf bayou bazaar beak
bean beard beast beaver become bedrock bedtime beech beetle before begin behind belfry bell belong bench berry
beside beyond biceps bicycle bike billow binder bingo biology birch bird birthday biscuit bison bitter blade
blanket blaze bleach blend blimp blink blister block bloom blossom blouse blue bluff blush board boat bobbin
bobcat bobsled body boiler bold bonfire bonnet bonus book boost booth border borrow botany bottle boulder
bounce bouquet bowl boxer bracket brain branch brass brave bread breeze brewery brick bridge brief bright
brisk broad brochure broken bronze brook brother brown brunch brush bubble bucket budget buffalo bugle builder
bulb bulletin bumper bundle bunker burden bureau burger burlap burrow busy butcher butter buyer buzzer bypass
cabaret cabbage cabin cable caboose cactus cadet cafe cage calcium calendar calf caliper calm camel camp canal
candle canoe canvas canyon capsule captain caramel carbon cardinal career caribou carnival carpet carrot cart
carve cascade cashew casino catalog catfish cathode cattle cause cavalry cedar celery cellar cement center
ceramic cereal certain chain chalk champ chance chart chase chatter cheese chef cherry chess chief child
chimney chip chisel choice choose chord chuckle chunk cicada cider cinema cinnamon circle citizen citrus city
civic claim clap clarinet class clay clean clerk clever cliff climb clinic clipper clock close clothes cloud
clover club cluster clutch coach coal cobalt cobra cockpit cocoa coffee coin collar column comb comet comfort
comic common compass concert condor cone confirm cookie copper coral cord corner cosmic cost cotton couch
cougar count coupon courage cousin cover cow coyote crab cradle craft crane crater crayon cream credit creek
crescent crew cricket crimson crisp critic crocus crop cross crouton crowd cruise crumb crusade crystal cube
cubicle cuckoo culture cup cupcake curious curl current curtain curve cushion custom cutlery cycle cymbal
cypress daily dairy daisy dam dance danger daring dark dash data date daughter dawn day dazzle deal debate
decade decent decide deep deer default define degree delay deliver delta demand denim dentist depart depth
deputy derby desert design desk detail device dew diagram dial diamond diary dictate diesel diet digital dime
dinner dinosaur diploma direct discover dish distant ditch diver dock doctor dollar dolphin domain donkey
donor door double dove dozen dragon drama drawer dream dress drift drill drink drive drop drum dryer duck
dugout dune dusk duty dwell dynamo eager eagle eardrum early earn earring earth easel easy echo eclair eclipse
edge edible edit educate effect effort either elastic elbow elder elect elegant elephant eleven elite else
ember emblem emerald emotion emperor employ empty enable enamel enchant end endless energy engine enjoy enough
enrich enter entire entry envelope envoy epic equal equip era erase errand escape escort essay estate eternal
ethic evening ever evident evolve exact exam excite exempt exhibit exile exist exit exotic expand expert
export express extra eyelid fable fabric fabulous face fact fade faint fair falcon fall family famous fancy
fanfare farmer fashion fast faucet favor feather federal feet fellow fence fern ferry festival fetch fever
fiber fiction fiddle field fiesta fifty figure file film filter final finch find finger finish firm first
fiscal fish five fixture flag flame flannel flash flat flavor fleet flesh flicker flight flint flip float
flock flood flour flower fluid flute foam focus foggy foil folder follow food force forest forget fork format
fortune forum forward fossil foster found fox fragile frame freight fresh friday friend frog frolic front
frost frozen fruit fuel fun funnel fur furnish future gadget gaiter galaxy gallery gamble game garage garden
garlic garment garnet gas gather gauge gazelle gear gecko gem general genius genre gentle genuine gesture
geyser ghost giant gift giggle ginger giraffe give glacier glad glance glass glide glimpse globe glory glow
glue goal goblet goggle golf gondola good goose gorge gossip govern gown grab grace grand grape gravel green
grid grill grin grocery group grove grow guard guava guess guide guitar gulf gust gutter gym gypsum habit hail
halibut halo hammer hamster hand hangar harbor harmony harness harp harvest hat hatch haven hawk hazel head
heart heavy hedge height helmet help hemlock herald herb heritage hexagon hidden high hike hill hinge hint
hippo history hobby hockey hold holiday hollow home honest hook horizon horn horse hospital hotel hound hour
house hover huddle human humble humor hundred hunter hurdle hurry hybrid hydrant hyena iceberg icon idea
identity idle igloo ignite iguana image imitate impact import improve impulse inch include income index indoor
infant inflate inform ingot ink inland inner input inquire insect inside install intact invent invite iris
iron island item ivory ivy jacket jaguar jar jasmine javelin jaw jazz jeans jelly jersey jewel jigsaw jockey
jogger join joke jolly journal jovial joy jubilee judge juice jumbo jump jungle junior jury just kangaroo
kayak keen kelp kennel kernel kettle keyboard kick kilo kind kiosk kitchen kite kitten kiwi knee knight knit
knob knock koala label ladder ladle lady lagoon lake lamb land lantern lapel laptop large laser latch lattice
laugh laundry lava lavender lawn lawyer lazy leader leaf league learn leather lecture ledger left legacy
legend leisure lemon length lentil leopard lesson letter level liberty library license lilac lily lime limit
linen lion liquid list liter little lizard lobby lobster local locker lodge log logic lollipop lonely loop
lotion lotus lounge love lucky luggage lullaby lumber lunar lunch lute luxury lyric machine magenta magic
magnet mahogany mail major maker mallet mammal manage mandolin mango manner maple marble margin marine market
marsh marvel mascot mask master matrix matter maximum mayor maze meadow measure media melody melt member
memory mentor menu mercury merge merit mesh message metal meteor method metro mice middle midnight mighty
migrate mild mimic mineral minor mint minute mirage mirror mischief mission mitten mixture moat mobile model
module moist molar moment monarch money monsoon month moon moose morning morsel mosaic moss mountain movie
much muffin mulberry mule murmur muscle museum mushroom music musket mustard mutual myself mystery myth name
napkin narrow nation nature nautical navigate navy neat nebula neck nectar needle neither neon nephew nerve
network neutral new nibble nickel nimble nine noble nobody nocturne noise nomad noodle normal north nose
nostril notable notice novel nuclear nugget number nurse nut nutmeg nylon oak oasis oatmeal obey object oblong
oboe observe ocean october odd odor offer office offset often oil ointment okay olive olympic omega omelet
onion online only onset onward opal opaque open opera opinion option oracle orange orbit orchard order
ordinary organ orient origin ornate ostrich other ounce outdoor outer outfit outline oval owner oxygen oyster
ozone pacific pack paddle pair paisley palace palette palm panda panel panic pantry papaya paper parade parcel
pardon parent parrot parsley party passage pasta patio patrol pattern pause pave pavilion payment peace peak
peanut pebble pecan pedal peel pelican pelt pencil penguin penny people pepper perfect perhaps period permit
person pesto pewter pheasant phone photo phrase physics piano picnic picture piece pigeon pigment pillow pilot
pioneer pipe pirate pitch pivot pizza plain planet plastic plate player plaza please pledge plenty pliers plow
plug plum plywood pocket podium poem poet point polar pole police pollen pomelo poncho pond pony pool poppy
popular porch positive possible potato pottery poultry powder power praise precise prefer prelude prepare
present pretty price pride primary print prism private problem produce profit project promise proof proper
proud provide prune public pudding pull pulp pulse puma punch pupil puppet purchase pure purple puzzle pyramid
python quail quake quality quarter queen query quest quick quiet quill quite quiver quiz quote rabbit raccoon
radar radio raft ragtime raisin rally ramp ranch random ranger rapid rare rascal rattle raven ravine razor
reach ready real reason rebound recall receive recipe record recruit recycle red reduce redwood reef reflect
reform refresh refuge regatta region regular rehearse reindeer relax relief remain remedy remote render rent
repair repeat reply report reptile rescue reserve resin resort respect result retail return reveal review
revolve reward rhino rhyme rhythm ribbon rich ridge ridicule rigid ring rinse ripple rise ritual rival river
roast robin robot rocket rodeo roll romance roof rooster rope rotate rough route rowing royal rubber ruby
rudder rug ruler rumble rummage runner rural rush rye sad saddle safari safe saffron salad salmon salon salsa
salt salute sapphire sardine satin saturn sauce sausage savanna scale scarf scene school science scissors
scoop score scout scrap screen script scuba sculptor sea seagull search season second secret section sedan
sediment seek seldom select semi senate senior sense sentence sequel serenade series service sesame session
settle seven shadow shaft shallow shampoo shape share shawl sheep shelf sherbet shield shimmer shine ship
shirt shoe shoulder shovel shrimp shrub shuffle shutter shy sibling sierra sight sign silent silk silver
similar simple since siren sister sitcom six sixty size skate skeleton sketch ski skill skirt skylark slab
sled sleep slice slim slipper slogan slope small smart smile smoke smooth smudge snack snail snake sneaker
snorkel snow soap soccer social soda soft solid solo solstice solve someone sonar song sonnet soprano sorrow
soul south space spade spark spatula special speed spell sphere spider spike spin spiral splash spoon sport
spray spring sprout spruce square squid stable stadium staff stage stair stamp stand star steak steel stencil
step stereo stick still sting stock stone stool stove strap stream strong student sturdy style subject submit
suburb subway success such sudden suede sugar suit sulfur summer sunday sunrise sunset super surf surname
surprise survey sushi swallow swamp swan sweater sweet swift swim swing switch sycamore symbol symphony syrup
system tackle taco tactic tailor take talcum talent talk tango target taste tattoo tavern taxi teacher team
teapot tease tech teeth telegram temple ten tenant tender tennis term terrace text thank theater theme theory
there thick thimble thing third thistle thorn thought thread thrive throne thumb thunder ticket tidal tide
tiger timber tinsel tiny tipping tissue titan title toad toast today toddler toffee together toggle token
tomato tomorrow tongue tonic tooth topaz topic torch tornado tortoise total totem toucan tough tour toward
towel town toy tract trade traffic train transit travel tray treasure tree tremble trend triangle tribe trim
trinket trip trolley trombone trophy trouble truck truffle truly trumpet trunk trust truth tsunami tuba
tuesday tugboat tugging tulip tuna tundra tunnel turban turkey turnip turtle tutor tuxedo tweed twelve twenty
twice twig twin twist two tycoon type typhoon ukulele ultra umbrella umpire unable uncle under unfold unicorn
uniform union unique unit unlock until unusual upbeat update upgrade uphill upper upright upset upstairs urban
urgent urn use usher usual utensil utility utopia vacant vacuum valid value valve vanilla vapor variety
varnish vast vault vector vehicle veil velcro velvet vendor vent veranda verdict verse very vessel veteran
viable viaduct vibrate victory video view vigor villa vine vintage vinyl viola virtue visa visible visual
vital vivid vocal vogue voice void volcano volley volt volume vote voucher vowel voyage vulture waffle wagon
waist walk walnut walrus waltz wander want warden warm warrior wasp waste water wax wealth wear weasel weave
web wedding week weight welcome west wetland whale wharf wheat wheel whenever whisper white whole wicker
widget width wild winsome winter wire wisdom witness wizard wolf woman wombat wool work world worry worth
woven wrap wreath wren wrestle wrist write wrong xenon xylem yacht yam yard yeast yellow yeti yield yodel yoga
yogurt yolk yonder young youth yucca zebra zenith zephyr zeppelin zero zest zigzag zinc zipper zircon zither
zodiac zoom zucchini
`
  .trim()
  .split(/\s+/);
