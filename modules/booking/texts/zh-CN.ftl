# Why a booking says no.
booking-not-now = 这个预约现在是“{ $state ->
    [held] 待付款
    [requested] 待确认
    [confirmed] 已确认
    [checked_in] 已到店
    [in_service] 服务中
    [completed] 已完成
    [expired] 已过期
    [declined] 已谢绝
    [cancelled] 已取消
    [aborted] 已中止
   *[no_show] 未到店
}”，不能这样办。
booking-changed = 这个预约刚刚有变化，没有办成。请看清现在的情况再办。
booking-too-early = 开始前 { $minutes } 分钟才能签到，请稍后再来。
booking-not-late-yet = 开始 { $minutes } 分钟以后顾客还没到，才能记为未到店。
booking-begun = 已经过了开始时间，不能在这里取消。请给店里打电话。
booking-not-offered = 这个项目现在不能预约，或者这位师傅不做这个项目。请另选。
booking-too-many-held = 您已经有 { $most } 个待付款的预约。请先付款或取消一个。
booking-no-time = 请选一个时间。
booking-bad-name = 请填写称呼，例如“张女士”，不超过 { $most } 个字。
booking-bad-phone = 手机号应为 11 位，请检查。
booking-long-note = 备注请不超过 { $most } 个字。
booking-not-declared = 请先看健康提示，没有这些情况请勾选，再去支付。
booking-no-more-time = 不能再延长了，要给顾客留出时间。请确认或者谢绝。
booking-no-reason = 请选一个原因。
booking-unknown-code = 没有找到这个码的预约。请再问一次六位数字。
booking-code-used = 这个码已经用过，{ $name }已经签到。
# Where a booking stands.
booking-state-held = 待付款
booking-state-requested = 待确认
booking-state-confirmed = 已确认
booking-state-checked-in = 已到店
booking-state-in-service = 服务中
booking-state-completed = 已完成
booking-state-expired = 已过期
booking-state-declined = 已谢绝
booking-state-cancelled = 已取消
booking-state-no-show = 未到店
# The same in one sentence, for the customer.
booking-sentence-held = 请在时限内付款，时间为您留着：{ $when }，{ $who }。
booking-sentence-requested = 等店里确认，最晚{ $until }答复。{ $when }，{ $who }。
booking-sentence-confirmed = 已确认。{ $when }，{ $who }等您。
booking-sentence-checked-in = 您已到店，请稍等，{ $who }马上就来。
booking-sentence-in-service = 正在服务，{ $who }。
booking-sentence-completed = 服务已完成，欢迎评价。
booking-sentence-expired = 没有按时付款，这个时间已经放开了。
booking-sentence-declined = 店里这次不能接待：{ $why }。钱会全部退回。
booking-sentence-cancelled = 已取消：{ $why }。
booking-sentence-no-show = 记为没有到店。不对的话可以申诉。
# Reasons.
booking-why-customers-plans = 顾客改了主意
booking-why-unpaid = 没有按时付款
booking-why-therapist-away = 师傅有事不在
booking-why-full = 时间排满了
booking-why-closing-early = 店里提前打烊
booking-why-unsuitable = 这个项目不适合
booking-why-unanswered = 店里没有及时答复
# What happened.
booking-step-hold = 顾客提交预约
booking-step-submit = 付款，等店里确认
booking-step-confirm = 确认
booking-step-extend = 店里多要了十分钟
booking-step-decline = 谢绝
booking-step-cancel = 取消
booking-step-check-in = 到店签到
booking-step-start = 开始服务
booking-step-complete = 服务完成
booking-step-no-show = 未到店
booking-step-expire = 没有按时付款，过期
booking-step-revive = 迟到的付款，时间还在，恢复
# Choosing.
booking-choose-service = 选服务
booking-services-answer = 有 { $count } 项服务可以预约
booking-no-services = 这家店现在没有可以预约的服务
booking-choose-who = 选师傅
booking-who-answer = { $service }，{ $count } 位师傅可选
booking-any = 不指定师傅
booking-anyone = 轮到的师傅
booking-numbered = { $who }，{ $number } 号
booking-earliest = 最早{ $when }
booking-nothing-free = 十四天内没有空，请换一位师傅或一项服务
booking-choose-when = 选时间
booking-choose-day = 选日期
booking-choose-time = 选时间（必填）
booking-free-sentence = { $day }有 { $count } 个时间，最早{ $earliest }
booking-free-sentence-with = { $day }，{ $who }，有 { $count } 个时间，最早{ $earliest }
booking-day-closed = 休息
booking-day-full = 约满了
booking-day-free = 有 { $count } 个时间
booking-time-free = { $time }，{ $who }，有空
booking-therapists-free = { $count } 位师傅
booking-part-morning = 上午
booking-part-afternoon = 下午
booking-part-evening = 晚上
booking-part-night = 午夜后
booking-next = 下一步，填资料
# Details.
booking-details-title = 填资料
booking-details-answer = { $when }，{ $who }，{ $price }
booking-go-to-pay = 去支付 { $price }
booking-service = 服务
booking-minutes = 时长
booking-who = 师傅
booking-where = 地点
booking-way = 怎么走
booking-when = 时间
booking-price = 价格
booking-contact = 联系人
booking-name = 称呼（必填）
booking-name-hint = 师傅这样称呼您，例如：张女士
booking-phone = 手机号（必填）
booking-strength = 力度
booking-strength-light = 轻
booking-strength-medium = 中
booking-strength-firm = 重
booking-note = 备注
booking-health-text = 健康提示：发烧、骨折未愈、皮肤有伤口或传染病、严重心脏病、有出血倾向、刚喝过酒，或者怀孕，不适合按摩。不确定请先问医生，也可以打电话问店里。您有什么情况我们不记录。
booking-health = 我看过健康提示，没有这些情况（必填）
booking-other-times = 这个时间没有了，请另选一个（必填）
# The customer's own.
booking-own-title = 我的预约
booking-next-answer = 下一个：{ $when }，{ $service }，{ $shop }
booking-none-coming = 没有未完成的预约
booking-none = 还没有预约
booking-find-shop = 找附近的店
booking-coming = 未完成
booking-past = 以前的
booking-title = { $when } { $service }
booking-this = 这个预约
booking-code = 到店码
booking-code-hint = 到店时把这六个数字告诉师傅，或者出示二维码。
booking-qr = 到店二维码，内容就是上面的六位数字
booking-other-times-short = 这些时间可以约
booking-served-by = { $who }{ $reason ->
    [requested] （点钟）
    [manual] （店里安排）
    [extension] （加钟）
   *[rotation] （轮钟）
}
booking-dial = 打电话给
booking-cancel = 取消预约
booking-again = 再约一次
booking-review = 写评价
booking-receipt = 看订单
booking-cancel-title = 取消预约
booking-cancel-unpaid = 还没有付款，取消不花钱。
booking-cancel-free = 现在取消，{ $back } 全部退回。
booking-cancel-costs = 现在取消退回 { $back }，店里留 { $kept }。
booking-cancelled-said = 已经办理取消，该退的钱原路退回
# The desk.
booking-desk-title = { $day }有 { $count } 个预约
booking-desk-waiting-title = { $count } 个待确认
booking-desk-next = 下一位 { $what }
booking-desk-nobody-next = 没有等着的顾客
booking-desk-home = 今天
booking-desk-bookings = 预约
booking-desk-none = 这一天没有预约
booking-desk-over = 已结束
booking-waiting = 待确认
booking-day-before = 前一天
booking-day-after = 后一天
booking-spoken = { $time } { $customer } { $service } { $duration } { $who }
booking-answer-by = 请在{ $until }前答复，过时自动谢绝并退款。
booking-bed = 床位
booking-strength-short = 力度
booking-note-short = 备注
booking-no-note = 没有备注
booking-phone-short = 电话
booking-history = 经过
booking-confirm = 确认
booking-decline = 谢绝
booking-extend = 多要十分钟
booking-check-in = 签到
booking-start = 开始服务
booking-complete = 服务完成
booking-absent = 未到店
booking-absent-answer = 顾客没有来。收不收违约金由您决定。
booking-fee = 违约金
booking-keep-fee = 按约定留 { $fee }，其余退回
booking-waive-fee = 全部退回
booking-all-back = 钱会全部退给顾客：{ $amount }
booking-reason = 原因（必填）
booking-enter-code = 输入到店码
booking-enter-code-answer = 请输入顾客的六位数字
booking-six-digits = 到店码，六位数字（必填）
# Leave over bookings.
booking-undecided = 还有 { $count } 个预约没有决定，请逐个选好再提交。
booking-requested = 这位顾客指定了师傅，换人要先得到顾客同意。
booking-step-reassign = 换了师傅
booking-leave-title = { $who }申请请假，{ $from }到{ $to }
booking-leave-answered = 这个申请已经有答复
booking-leave-free = 这段时间没有预约，可以同意
booking-leave-hits = 有 { $count } 个预约，请逐个决定
booking-leave-back = 请假申请
booking-leave-keep = 师傅照做，这段不准假
booking-leave-swap = 换{ $who }做，时间不变
booking-leave-cancel = 由店里取消，全额退 { $amount }
booking-leave-asked-for = 顾客指定了这位师傅，换人要先问顾客
booking-leave-approve = 同意请假
booking-leave-approved = { $count ->
    [0] 预约都照做，没有准假
    [1] 已同意请假
   *[other] 已同意请假，中间有照做的预约，分成 { $count } 段
}
booking-leave-refuse = 不同意
booking-leave-answer = 给师傅的答复（必填）
booking-leave-refused = 已答复不同意
# Paid in part, and what was answered.
booking-book = 预约，到店付款
booking-due-now = 现在付
booking-due-later = 到店付
booking-order = 订单和收款
# What the desk enters itself.
booking-nobody-free = 现在没有空的师傅或者床位。可以约后面的时间，或者取号排队。
booking-not-asked = 请先口头问健康情况，问过了请勾选。
booking-bad-clock = 请写几点，例如 15:30。
booking-no-choice = 请选服务和师傅。
booking-ticket-not-now = { $ticket } 现在是“{ $state ->
    [waiting] 排队中
    [called] 已叫号
    [served] 已到
    [skipped] 已过号
   *[left] 已离开
}”，不能这样办。
booking-ticket-changed = { $ticket } 刚刚有变化，没有办成。请看清现在的情况再办。
booking-why-not-there = 叫号没有人应
booking-step-enter = 店里登记
booking-walk-in = 散客登记
booking-walk-in-name = 散客
booking-walk-in-whom = 称呼，可以不填
booking-walk-in-phone = 手机号，可以不填
booking-walk-in-free = 现在有 { $count } 位师傅有空
booking-walk-in-later = 现在没有空，最早{ $when }
booking-walk-in-none = 今天和明天都没有空
booking-walk-in-now = 登记，现在开始
booking-walk-in-at = 约{ $when }
booking-what = 服务和师傅（必填）
booking-asked-health = 口头问过健康情况，适合按摩（必填）
booking-asked-health-hint = 问一句：发烧、外伤、心脏病、怀孕、喝过酒吗？有什么情况不记录。
booking-remember = 顾客同意店里记住称呼和电话
booking-forget = 不再记住
booking-forgotten-said = 已经忘记称呼和电话，下次来要重新问
booking-no-phone = 没有留电话
booking-nothing-paid = 顾客还没有付钱，不用退
booking-phone-title = 电话预约
booking-phone-answer = 填四项就好，到店付款
booking-phone-other = 这个时间没有了，最近的{ $when }
booking-phone-name = 称呼（必填）
booking-phone-name-hint = 这个号码店里记得的，可以不填
booking-phone-day = 哪一天
booking-phone-clock = 几点（必填）
booking-phone-clock-hint = 二十四小时，例如 15:30 或者 1530
booking-phone-others = 可以约的时间
booking-phone-book = 预约，到店付款
# The line.
booking-queue = 排队
booking-queue-title = { $count } 人在排队
booking-queue-waiting = 有 { $count } 人在排队，请先看看该不该让他们先来。
booking-queue-next = 下一位 { $who }
booking-queue-nobody = 没有人在排队
booking-queue-empty = 还没有人取号
booking-tickets-called = 已叫号，等人来
booking-tickets-waiting = 排队中
booking-tickets-skipped = 已过号
booking-take-ticket = 取号排队
booking-ticket-taken-said = { $ticket } { $name }，已取号
booking-ticket-called-said = 请 { $ticket }，{ $who }，{ $bed }
booking-ticket-about = 大约{ $when }
booking-ticket-call = 叫号
booking-ticket-here = 到了，签到
booking-ticket-skip = 过号
booking-ticket-leave = 顾客走了
booking-ticket-booking = 看预约
booking-ticket-code = 给顾客的页面
booking-ticket-code-hint = 顾客扫一下，就知道前面还有几个人。
booking-ticket-qr = { $ticket } 的二维码
booking-ticket-page = 打开
booking-ticket-state-waiting = 排队中
booking-ticket-state-called = 已叫号
booking-ticket-state-served = 已到
booking-ticket-state-skipped = 已过号
booking-ticket-state-left = 已离开
booking-ticket-step-take = 取号
booking-ticket-step-call = 叫号
booking-ticket-step-serve = 到了
booking-ticket-step-skip = 过号
booking-ticket-step-leave = 离开
booking-ticket-title = { $ticket } { $state }
booking-ticket-number = 号码
booking-ticket-wait = 前面还有 { $before } 人，大约等 { $minutes } 分钟
booking-ticket-wait-unknown = 前面还有 { $before } 人，今天可能排不到
booking-ticket-sentence-waiting = 请稍等
booking-ticket-sentence-called = 叫到您了，请马上到前台
booking-ticket-sentence-served = 您已经进店，谢谢
booking-ticket-sentence-skipped = 叫过了，请到前台说一声
booking-ticket-sentence-left = 这个号已经不用了
booking-ticket-again = 再看一次
booking-ticket-go = 不等了，退掉
# The end of a visit and what may go wrong there.
booking-state-aborted = 已中止
booking-sentence-aborted = 服务中止了：{ $why }。
booking-why-unsafe = 师傅不安全
booking-why-customer-unwell = 顾客身体不适
booking-why-customer-stops = 顾客不想做了
booking-why-shop-trouble = 店里出了问题
booking-step-late = 顾客说会晚到
booking-step-lengthen = 加钟
booking-step-hand-over = 服务中换师傅
booking-step-reopen = 误按完成，重新打开
booking-step-abort = 中止
booking-step-fee = 定了违约金
booking-step-dispute = 顾客申诉
booking-step-rule = 指导中心裁定
booking-next-comes = { $time }是{ $name }的预约，最多还能加 { $minutes } 分钟。
booking-no-room-after = 后面的时间有别的安排，最多还能加 { $minutes } 分钟。
booking-no-extra = 请选加什么。
booking-nobody-chosen = 请选接手的师傅。
booking-no-words = 请写明原因。
booking-long-words = 请不超过 { $most } 个字。
booking-long-over = 完成超过 { $minutes } 分钟，不能重新打开了。
booking-reviewed = 顾客已经评价，不能重新打开了。
booking-too-much = 最多 { $most }，请改金额。
booking-no-fee = 请选违约金怎么办。
booking-no-ruling = 请选退不退、退多少。
booking-no-amount = 请填金额，例如 20 或 20.50。
booking-no-dispute = 申诉的时间过了，或者已经有结果。
booking-no-case = 这件事不用裁定，或者已经有结果。
booking-not-late = 开始前两小时到开始后一刻钟可以说晚到。
booking-no-minutes = 请选晚到多少分钟。
booking-lengthen = 加钟
booking-extension-line = 加钟 { $minutes }
booking-extra = 加什么（必填）
booking-extra-room = 最多还能加 { $minutes } 分钟
booking-extra-full = 后面没有空，不能加钟
booking-extra-next = 之后是{ $who }的预约。
booking-extra-none = 没有放得下的
booking-extra-paid-later = 加的钱记在订单上，服务后再收。
booking-lengthened-said = { $what }，{ $who }
booking-hand-over = 服务中换师傅
booking-hand-over-answer = 现在是{ $who }，{ $count } 位可接手
booking-hand-over-nobody = 现在没有师傅能接手
booking-hand-over-none = 会这个项目的师傅都没有空
booking-hand-over-to = 谁接手（必填）
booking-hand-over-hint = 先得到顾客同意。做过的分钟记给两位师傅。
booking-handed-over-said = 已换师傅，{ $who }
booking-words-why = 原因（必填）
booking-reopen = 误按完成，重新打开
booking-reopen-answer = 服务接着做，订单也重新打开
booking-reopen-hint = 会记下是谁、什么时候、为什么。
booking-reopened-said = 已重新打开，{ $who }
booking-abort = 中止服务
booking-abort-answer = 原因决定钱怎么算，请选
booking-abort-cost = 顾客付 { $amount }
booking-abort-words = 补充说明
booking-safety = 安全键，马上中止
booking-decide-fee = 定违约金
booking-part-fee = 只留一部分
booking-later-fee = 以后再定
booking-part-amount = 留多少元
booking-part-hint = 选“一部分”时填，最多 { $most }
booking-no-fee-due = 没有可以留的钱，会全部退回。
booking-cases-title = { $count } 件要决定的事
booking-cases-open = 要决定的事，{ $count } 件
booking-cases-none = 没有要决定的事
booking-cases-empty = 没有没定的违约金，也没有申诉
booking-case-absence = 未到店
booking-case-unsafe = 不安全，中止
booking-case-undecided = 店里还没定
booking-case-decided = 店里定了
booking-case-referred = 等指导中心裁定
booking-case-closed = 已裁定
booking-late = 我会晚到
booking-late-answer = 告诉店里晚到多久
booking-late-known = 已告诉店里，晚到 { $minutes } 分钟
booking-late-not-now = 现在不能说晚到
booking-late-minutes = 晚多久（必填）
booking-late-choice = 晚 { $minutes } 分钟，{ $at }到
booking-late-send = 告诉店里
booking-late-said = 已告诉店里，您会晚到 { $minutes } 分钟
booking-late-short = 会晚到
booking-extensions = 加钟
booking-shares = 各做
booking-dispute = 申诉
booking-dispute-answer = 说明情况，由指导中心裁定
booking-dispute-over = 申诉的时间过了或已有结果
booking-dispute-hint = 未到店后 { $hours } 小时内可以申诉。店里和指导中心会看到您写的话。
booking-dispute-words = 发生了什么（必填）
booking-dispute-send = 提交申诉
booking-dispute-said = 已提交，指导中心会裁定
booking-own-undecided = 违约金最多 { $kept }，店里还没定。
booking-own-decided = 店里留下 { $kept } 违约金。不对的话可以申诉。
booking-own-referred = 您已申诉，等指导中心裁定。
booking-own-closed = 指导中心已裁定，店里留 { $kept }。
booking-own-ruling = 指导中心说：{ $words }
booking-console = 控制台
booking-centre = 要裁定的事
booking-centre-title = { $count } 件要裁定
booking-centre-none = 没有要裁定的事
booking-centre-empty = 没有申诉，也没有不安全的事
booking-centre-unsafe = 师傅用了安全键，请了解情况
booking-centre-kept = 店里留了 { $amount }，顾客申诉
booking-centre-undecided = 最多 { $amount }，店里还没定
booking-ruling = 怎么裁定（必填）
booking-ruling-nothing = 维持，不退
booking-ruling-all = 全部退给顾客 { $amount }
booking-ruling-part = 退一部分
booking-ruling-amount = 退多少元
booking-ruling-words = 裁定的理由（必填）
booking-ruling-hint = 顾客和店里都会看到。
booking-ruling-send = 裁定
booking-ruling-said = 已裁定，{ $who }
