"""The words of dry texts of the field; a text with others has something to look at.

Those of five or more explanations of the catalogue, and what people say around them.
"""

LETTERS = frozenset(
    "一丁万三上下不与专且业东丢两个中串为主久么义之乎乘也习乱了事二于互五些交产享人亿什今仍从他"
    "付代令以们件价任份优会传估似但位低住体何余作你使例依便保信倍倒候值假偏做停像元先光免入全公"
    "共关其具典内再写决冻准减凑几出函分切划列则刚删判利别到制前剩副力办功加务动包化区十千升半协"
    "单占卡即却卷历压原去参又叉及双反发取受变叠口句另只叫召可台右号吃各合同名后吐向吗吞否吧含听"
    "启告呢命和咱品哈响哪啊嘛器噪四回因围固国图在地场均坏块型域基堆填境增声处备复外多够大天太失"
    "头夹套她好如始子字存学它安完定宜实审客家容宽密对导小少尔就尾局层展属峰嵌工左差己已布带帮常"
    "干平年并序库应底度座延建开异式引张弦强归当录形影往征很律得循微心必忆忘快态怎思性总息您情想"
    "意感慢懂成我或户所手才打扣执扩批找技把投折护报抽拆拉拟拼拿持挂指按挑损换据掉排接控推掩描提"
    "搜摘操擎支收改放故效敏教散数整文料断新方旁无日旧早时明易是显普景智曲更替最月有服望期末本术"
    "机杂权束条来板构析果架某查标树校样核根格框案档梯检楚概模次止正此步死残段每比毫气水求没沿法"
    "注活流测消涨深混清源滑满滤漏激火点然照爆片版物特状独猜率环现理瓶生用由画界留略百的益监盘目"
    "直相省看真眼着督知矩短码研硬确示神离种秒秩积移稀程稳究空窗立端符第等答签简算管类粗精系素索"
    "累约级线练组细终经结绕给络绝统继绩续维缀缓编缩缺网置署翻考者而聊背胜能脑自至致舍般节花若英"
    "范荐落藏行衡补表被装西要见规视觉角解言计认让训记讲许论设证评识诉词译试话询该语误说请读谁调"
    "谢谱象负责败账质贵费资赖走起超越足跑距跟跨路跳身转轮软载较辑输边达过运近返还这进远连迟述追"
    "送适选逐递通速造遍道避那邮部都配采里重量针钟钱链错键镜长门问间队防阵阶际降限除随隐隔难集零"
    "需非靠面音页项顺须预领颈频题馈首验骤高默齐"
)
_WORDS = """
about accuracy act activations adam add added adding after again against agent all alone
along also alternative always among and another answer any anything apart api applies
are ask attention average back backward bad base baseline basically batch batches
batching beat because become been before begin behind being belong below bert best
better between billion bit blame blocks both breaks bring build built but bytes cache
call called came can candidates cannot card care carries case chain change changing chat
cheaper check choice choose chosen class classes classification classifier clear close
code come common compare compute computed context copies correct cosine cost could count
counting cross cut data database day decide decoder deep default descent design device
did didn differ different direction distribution documents does doesn doing don down
dozen dropped drops during each earlier early easy edges either embedding encoder end
engine enough equal error estimate evaluation even every everybody everything everywhere
exact exactly example explain facts fail failure fall false far fast faster features
feed few fewer file final find finding fine finished first fit five fixed float follow
for form format forward found four framework free frequencies frequency from full
function further general generated generation get give given goes going good got gpt gpu
gradient graph great group grow guess had half hand happen hard hardly hardware has have
head held help high hold hours how human hundred idea image independently index
inference information input inside instead instructions into isn its itself judge just
keep kept key know knowledge label language large larger largest last latency later law
layer learn learned learning least leave left length less let lies like limit line
linear list little llama llm load log long longer look looking loop lora loss lot love
low lower machine made make many map matrices matrix matter may maybe mean measure
measured memory message method metrics middle million milliseconds minute missing mixed
mixture model money more most mostly move much multi multiplies must name near nearest
nearly need negative neither network neural never new newer next nodes noise nor
normalisation normally not nothing now number nvidia off often old once one only open
operations optimizer order original other out output over own pairs paper parallel
parallelism parameter part pass passage passes pays people per person personal picks
picture piece place plain plus point position practice pre precision prediction prefix
price probabilities probability problems product program project prompt provider purpose
put python pytorch quality quantization queries query question queue qwen rag raises
random rank rate rather reaches read reading real really recall redis reference
regression relations repeat repeated report request resnet rest result retrieval
retrieved returns right rises roughly rows rule run running safe same samples save say
scale scaling score search searches second see seen self sends sentence separately
sequence serve server service set settle several shape share shared short should show
shrink side similar similarity simple simply since sine single size slope slow slower
small smaller softmax some someone something sorry source space speed split square
squared standard stands start state stay step still stop store straight stuff sub such
suits sum summary supervised sure system table take target task tell telling ten tensor
term test text than that the their them then there these they thing think third this
those thought thousand three through throughput time together token too took tools top
torch total traffic train trained training transformer translation tree true try tuned
tuning turn twice two type understand unit until update use used usual usually
validation value vector version very vllm vocabulary wait want was watch way web weight
well were what when where whether which while who whole whose why width will window with
within without won word wording work worse worth would write writing written wrong yet
you your zero
"""
WORDS = frozenset(_WORDS.split())
