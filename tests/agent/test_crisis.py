"""Words of crisis are heard in both languages, and figures of speech are not taken for them."""

import pytest

from agent.phrases.crisis import is_crisis

CRISIS = """
不想活了
我不想活了
真的不想活了，太累了
我不想再活下去了
活着没意思
活着真没意思
感觉活着没有意义
活着好累
活着有什么意思
活着到底是为了什么
我为什么还活着
活不下去了
我真的活不下去了
活够了
想自杀
我有自杀倾向
最近总有自杀的念头
怎么自杀不痛苦
自殺算了
想死
好想死
我想去死
真想死了算了
死了算了
还不如死了
我还是死了好了
一直想死
痛苦得想死
老是想着死
死了一了百了
让我死吧
我怎么还不死
有没有不痛的死法
怎么死比较不痛苦
想结束自己的生命
想结束这一切
我要了结自己
没有活下去的理由
没有活下去的勇气了
想从这个世界上消失
好想就这样消失
要是我死了会有人在乎吗
如果我不在了，你们会好过一点吧
没有我大家会更好
我是家里的累赘
我想离开这个世界
再见了世界
永别了
我割腕了
我又开始自残了
控制不住想伤害自己
用刀划自己
吃了一瓶安眠药
想跳楼
站在楼顶想跳楼
想跳河
遗书写好了
明天不想醒来
睡着就不想再醒过来
想一睡不醒
生不如死
人生没有意义了
生活没有任何希望
我朋友说她想自杀，怎么办
想 死
面试又挂了，真的不想活了
考不上我就去死
第二个做完了，但我不想活了
死了就解脱了
輕生的念頭又來了
kill myself
I want to kill myself
i'm going to kill myself tonight
I've been thinking about killing myself
I want to end my life
thinking of ending my life
I want to end it all
I'm suicidal
having suicidal thoughts again
thinking about suicide
I attempted suicide last year and it is back
I want to die
i wanna die
i just want to die
sometimes I just want to die
I wish I was dead
i wish i were dead
wish i had never been born
I'd be better off dead
everyone would be better off without me
the world would be better without me
I don't want to live anymore
i dont want to be here anymore
I don't want to be alive
I don't want to exist
don't want to wake up tomorrow
no reason to live
I have no will to live
I have nothing left to live for
what's the point of living
life is not worth living
tired of living
I'm done with life
I can't go on living
I can't live like this anymore
I keep hurting myself
I want to hurt myself
I cut myself again last night
self harm
I relapsed into self-harm
I want to disappear forever
I want to go to sleep and never wake up
nobody would miss me
no one would care if I died
I took a bottle of pills
took too many pills
I want to jump off a bridge
thinking of hanging myself
I wrote a suicide note
how do I kill myself
I finished task 1 but I want to die
My friend wants to kill herself and I want to die too
不想存在了
我配活着吗
死了是不是就不痛苦了
I'd rather be dead
life has no meaning anymore
""".strip().splitlines()

ORDINARY = """
气死我了
笑死我了
累死了
累死我了，今天学不动了
热死了
困死了
难死了
这题难死了
烦死了，代码又报错
忙死了
饿死了
这题要我命
这题真是要命
这个 bug 要我命了
这作业简直要命
要死了要死了，明天就要交
死锁是什么
什么是死锁
怎么避免死循环
死循环了怎么退出
死记硬背没用吧
我不想死记硬背
这个公式我想死磕一下
进程死了怎么重启
程序跑着跑着就死了
电脑死机了
显卡死了
僵尸进程怎么清理
怎么杀死一个进程
杀死僵尸进程
kill -9 之后端口还被占用
孤儿进程和僵尸进程的区别
神经元死亡是什么
dead neurons 怎么办
dying ReLU 是什么问题
死神经元
梯度消失怎么办
为什么梯度会消失
缓存消失了
我的进度怎么消失了
我要消失几天，先暂停
线程还活着吗
怎么检查连接是否活着
这个服务活着没
不想活动，今天休息
不想学了
不想干了
想放弃了
我想放弃这条路线
我是不是太笨了
学不下去了
撑不下去了，先休息
坚持不下去了
崩溃了，环境又装坏了
绝望，loss 一直是 nan
压力好大
焦虑
想结束今天的学习
结束这一组小测
结束小测
想离开这个小组
跳过这题
跳楼价的显卡
自杀倾向检测的数据集有哪些
做一个自杀风险识别的分类器
生命周期钩子
生成式模型的意义是什么
学这个有意义吗
学这个有什么意思
这题没意思
deadline 是周五
deadline 要到了
今天赶 ddl 赶死了
死线前能做完吗
我想死了这条心
想死你了
理想死区电压是多少
伤害自己的颈椎了，坐太久
解脱了，终于做完了
终于解脱了
第三个卡死了
训练卡死在第 3 步
打死我也不会再装 CUDA 了
猝死会不会是熬夜造成的
live coding 怎么练
活锁和死锁的区别
我还活着，只是最近太忙
好久不见，我还活着
我妈让我早点睡
切自己的数据集
删库一了百了
环境配得我生不如死
kill the process
kill this job please
how do I kill a process
kill -9 1234 does not work
this task kills me
this task is killing me
my back is killing me
the suspense is killing me
I'm dying to learn about transformers
I'm dying of laughter
I could die of boredom
dead neurons
what is the dying ReLU problem
dying relu
what is a deadlock
dead letter queue
zombie process
how to reap zombie processes
the deadline is tomorrow
I missed the deadline
my laptop died
my GPU is dead
the server died again
the process wants to die
end the quiz
end this session
I want to end this quiz
end of life for python 3.8
what is the end of sequence token
I give up
I want to give up today
I'm so tired
I can't do this anymore, too many bugs
I'm overwhelmed
I feel stupid
am I too old for this
is it worth it
what's the point of layer norm
what is the point of attention masks
I don't want to study today
I don't want to be here at the office late
I don't want to wake up early
I don't want to live in Berlin
reason to use LoRA
suicide detection dataset
train a classifier for suicidal ideation detection
suicidal ideation classification with BERT
I cut myself some slack
I cut myself shaving
die down
roll a die
cut the training set
self attention
self-supervised learning
harm reduction in RLHF
harmless and helpful
jump to stage 2
the model wants to die on long inputs
never say die
live or die by the metrics
I killed the exam
you're killing it
overfitting kills me
hang on, I'm not done
my terminal hangs
AWS KMS setup
how long does a container live
keep alive connection
vanishing gradients
goodbye
good night
see you tomorrow
jump in at the deep end
my code is a dumpster fire
怎么让进程安乐死
OOM killed
I'm dead 😂
over my dead body
I want to live in the US
I don't want to be here forever, when do I finish
""".strip().splitlines()


@pytest.mark.parametrize("said", CRISIS)
def test_words_of_crisis_are_heard(said: str) -> None:
    assert is_crisis(said)


@pytest.mark.parametrize("said", ORDINARY)
def test_figures_of_speech_and_terms_are_no_crisis(said: str) -> None:
    assert not is_crisis(said)


def test_the_tables_are_large_enough_to_mean_something() -> None:
    assert len(set(CRISIS)) >= 60
    assert len(set(ORDINARY)) >= 100
