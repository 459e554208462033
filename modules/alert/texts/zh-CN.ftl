# What the desk hears. The answer (who, when) comes first.
alert-request-text = 新订单待确认：{ $customer }，{ $when }，{ $service } { $length }，{ $therapist }
alert-request-speech = 新订单，{ $customer }，{ $when }，{ $service }{ $length }，{ $therapist }，请确认
alert-order-text = 新订单：{ $customer }，{ $when }，{ $service } { $length }，{ $therapist }
alert-order-speech = 新订单，{ $customer }，{ $when }，{ $service }{ $length }，{ $therapist }
alert-people-text = { $customer }等 { $count } 个人
alert-people-speech = { $customer }等{ $count }
alert-services-text = { $customer } { $count } 项
alert-services-speech = { $customer }{ $count }
alert-limit-text = 还有 { $minutes } 分钟：{ $customer }，{ $when }，不答复会自动退单
alert-limit-speech = 还有{ $minutes }，{ $customer }，{ $when }，不答复会自动退单
alert-unanswered-text = 没有及时答复，已退单：{ $customer }，{ $when }，{ $therapist }
alert-unanswered-speech = 已自动退单，{ $customer }，{ $when }，{ $therapist }，没有及时答复
alert-cancelled-text = 预约取消：{ $customer }，{ $when }，{ $service }，{ $therapist }
alert-cancelled-speech = 预约取消，{ $customer }，{ $when }，{ $service }，{ $therapist }
alert-change-text = 改约待答复：{ $customer }，{ $when }，想改到{ $to }，{ $to_service }，{ $to_therapist }
alert-change-speech = 改约，{ $customer }，{ $when }，想改到{ $to }，{ $to_service }，{ $to_therapist }，请答复
alert-moved-text = 改约：{ $customer }，改到{ $when }，{ $service }，{ $therapist }
alert-moved-speech = 改约，{ $customer }，改到{ $when }，{ $service }，{ $therapist }
alert-stays-text = 没有改约：{ $customer }，还是{ $when }，{ $service }，{ $therapist }
alert-stays-speech = 没有改约，{ $customer }，还是{ $when }，{ $service }，{ $therapist }

# What leaves through WeChat.
alert-change-asked = 顾客想改约，请答复
alert-moved-to-shop = 顾客改约了，请看
alert-stays-to-shop = 没有改约，预约不变
alert-change-offered = 店里想改您的预约，请答复
alert-moved = 改约好了，{ $therapist }等您
alert-stays = 没有改约，预约不变
alert-why-move-refused = 对方没有同意改约
alert-why-move-unanswered = 改约没有答复
alert-why-move-withdrawn = 改约已撤回
alert-why-agreed-by-phone = 顾客在电话里同意了
alert-offer = 为您留十分钟，请点开预约
alert-invitation = 点这里评价，谢谢您
alert-why-customers-plans = 顾客时间有变
alert-why-unpaid = 没有按时付款
alert-why-therapist-away = 师傅临时不在
alert-why-full = 时间已约满
alert-why-closing-early = 店里提前打烊
alert-why-unsuitable = 情况不适合按摩
alert-why-unanswered = 店里没有及时答复
alert-why-not-there = 叫号没有人应
alert-why-no-show = 顾客没有到店
alert-why-other = 预约没有进行
alert-menu-near = 附近的店
alert-menu-bookings = 我的预约
alert-menu-me = 我的
alert-welcome = 您好，欢迎来到京城盲人按摩。
    在这里可以找附近的店、预约师傅、付款、查看和取消预约。
    <a href="{ $base }/">附近的店</a>
    <a href="{ $base }/bookings">我的预约</a>
    也可以把您的位置发给我们，马上告诉您离您近的店。
alert-reply = 找店和预约请点这里：
    <a href="{ $base }/">附近的店</a>
    看预约、退订请点这里：
    <a href="{ $base }/bookings">我的预约</a>
alert-reply-bookings = 看预约、退订请点这里：
    <a href="{ $base }/bookings">我的预约</a>
    要问店里的事，请打开预约，点“打电话”。
alert-reply-place = 离您近的店在这里：
    <a href="{ $base }/?lat={ $lat }&lng={ $lng }">附近的店</a>

# The desk.
alert-changes = 改约 { $count } 个待答复
alert-pending = { $count } 个待确认
alert-none-pending = 没有待确认
alert-next = 下一位 { $who }
alert-in-shop = 已到店 { $who }
alert-no-next = 今天后面没有预约
alert-answer-by = 请在{ $time }前答复
alert-together = { $customer }等 { $count } 个
alert-confirm = 确认
alert-decline = 婉拒
alert-look = 查看
alert-news-heading = 消息，{ $count } 条
alert-news-none = 今天还没有消息
alert-known = 知道了
alert-known-said = 知道了，{ $text }
alert-today = 今天的预约
alert-walk-in = 散客登记
alert-phone = 电话预约
alert-queue = 排队
alert-check-in = 核销到店码
alert-orders = 收款和退款
alert-state-queued = 还没读出
alert-state-heard = 已读出
alert-state-acknowledged = 已处理
alert-state-lapsed = 已过去
alert-decline-therapist-away = 婉拒，师傅临时不在
alert-decline-full = 婉拒，时间已约满
alert-decline-closing-early = 婉拒，店里提前打烊
alert-decline-unsuitable = 婉拒，情况不适合按摩
alert-confirmed = 已确认 { $whom }
alert-declined = 已婉拒 { $whom }，钱会全部退给顾客
alert-extend = 晚十分钟再答复
alert-extended = 已延长，晚十分钟再答复 { $whom }
