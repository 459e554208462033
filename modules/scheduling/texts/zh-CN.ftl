# Why a time cannot be claimed, or a roster not be changed.
scheduling-time-taken = 这个时间刚被别人约了。请另选一个时间，您填的都还在。
scheduling-past = 这个时间已经过了，或者太近，来不及准备。请选晚一点的时间。
scheduling-closed = 这个时间店里不营业，或者师傅不上班。请另选一个时间。
scheduling-backwards = 结束时间要比开始时间晚，请检查。
scheduling-bad-time = 时间没有看懂。请写成 12:00-22:00 这样，分钟是 5 的倍数，最晚到次日早上 6 点。
scheduling-overlap = 同一天的两段班有重叠，请检查。
scheduling-leave-hits-bookings = 这段时间里已经有 { $count } 个预约。请先看下面的预约；确定要请假，请勾选“我知道”后再提交一次。
scheduling-bed-name = 请给床位起个名字，不超过 20 个字。
scheduling-bed-name-used = 已经有叫这个名字的床位。
scheduling-bad-moment = 日期或时间没有看懂。请写成 2026-11-23 和 15:00 这样。
scheduling-long-reason = 请假原因请不超过 { $most } 个字。
scheduling-leave-over = 这段请假已经过去了，请检查日期和时间。
scheduling-changed = 这位师傅的排班刚刚有人改过，没有保存。请看清现在的排班，再改一次。
# People and days.
scheduling-who = { $name }（{ $number } 号）
scheduling-and = 、
scheduling-then = {"；"}
scheduling-weekday-1 = 周一
scheduling-weekday-2 = 周二
scheduling-weekday-3 = 周三
scheduling-weekday-4 = 周四
scheduling-weekday-5 = 周五
scheduling-weekday-6 = 周六
scheduling-weekday-7 = 周日
scheduling-every-day = 每天
scheduling-days = { $first }到{ $last }
scheduling-days-on = { $days } { $times }
scheduling-days-off = { $days }休息
scheduling-no-shifts = 还没有排班，顾客约不到。
scheduling-stretch = { $from }到{ $to }
scheduling-whole-day = { $day }全天
scheduling-whole-days = { $first }到{ $last }全天
# Everybody's week.
scheduling-home = 今天
scheduling-shifts = 排班
scheduling-shifts-title = 排班，今天 { $count } 位师傅上班
scheduling-who-works = 今天上班：{ $who }。
scheduling-nobody-works = 今天没有师傅上班。
scheduling-works = 上班中
scheduling-works-later = 今天稍后上班
scheduling-on-leave = 请假中
scheduling-off = 现在不上班
scheduling-next-free = 最早空一小时：{ $when }
scheduling-never-free = { $days } 天内没有空出的一小时
scheduling-leave-line = 请假：{ $when }
scheduling-shifts-of = 每周排班
scheduling-leave = 请假
scheduling-leave-of = { $who }的请假
scheduling-no-therapists = 店里还没有登记按摩师。
# One therapist's week.
scheduling-week-title = { $who }的排班
scheduling-week-how = 每天写几点到几点，例如 12:00-22:00。一天两段用逗号隔开；做到半夜就写 12:00-02:00；休息就空着。店里不营业的时间约不到。
scheduling-week-save = 保存排班
scheduling-week-saved = 已保存{ $who }的排班：{ $week }
# Leave.
scheduling-leave-title = { $who }的请假，{ $count } 段
scheduling-no-leave = 现在没有请假。
scheduling-leave-new = 登记请假
scheduling-from-day = 从哪天（必填）
scheduling-from-time = 从几点
scheduling-to-day = 到哪天（必填）
scheduling-to-time = 到几点
scheduling-leave-time-hint = 全天请假不用填时间：从早上 6 点算到次日早上 6 点
scheduling-reason = 原因
scheduling-hits = 这段时间里有 { $count } 个预约
scheduling-hit = 预约，{ $when }
scheduling-hit-count = 里面还有 { $count } 个预约
scheduling-sure = 我知道有这些预约，确定请假，预约由店里另外安排
scheduling-leave-save = 登记请假
scheduling-leave-granted = 已登记{ $who }请假：{ $when }
scheduling-leave-withdrawn = 已撤回{ $who }的这段请假
scheduling-withdraw = 撤回请假
# Beds.
scheduling-beds = 床位
scheduling-beds-title = 床位，{ $count } 张
scheduling-beds-are = 在用的床位：{ $names }。
scheduling-no-beds = 店里还没有床位，顾客约不到时间。
scheduling-bed-new = 添加床位
scheduling-bed-label = 床位名字（必填）
scheduling-bed-hint = 例如“一号床”
scheduling-bed-add = 添加床位
scheduling-bed-added = 已添加{ $name }
scheduling-retire = 停用
scheduling-bed-retired = 已停用{ $name }{ $count ->
    [0] {"。"}
   *[other] ，上面还有 { $count } 个预约，照旧。
}
# The rotation board.
scheduling-rotation = 轮钟
scheduling-rotation-title = 轮钟，轮到{ $next }
scheduling-turn = 轮到{ $next }。
scheduling-turns = 轮到{ $next }，接着是{ $after }。
scheduling-nobody-in-turn = 今天没有上班的师傅可轮。
scheduling-rotation-rule = 顾客没有指定师傅时，由有空的师傅里排在最前的一位接，接了就排到最后。顾客点名不占轮次；取消的会把轮次还给师傅。
scheduling-line = 轮钟次序
scheduling-place = 第 { $place } 位，{ $who }，{ $now }
scheduling-place-times = 第 { $place } 位，{ $who }，{ $now }，今天 { $times }
scheduling-told = 最近的安排和原因
scheduling-nothing-told = 还没有安排过。
scheduling-given = { $when }安排，{ $who }，{ $bed }。
scheduling-why-requested = 点钟：顾客指定，不占轮次。
scheduling-why-rotation = 轮钟：有空的师傅里排在最前。
scheduling-released = 这个时间后来放开了。
