# What the desk hears. The answer (who, when) comes first.
alert-request-text = 新订单待确认：{ $customer }，{ $when }，{ $service } { $length }，{ $therapist }
alert-request-speech = 新订单，{ $customer }，{ $when }，{ $service }{ $length }，{ $therapist }，请确认
alert-order-text = 新订单：{ $customer }，{ $when }，{ $service } { $length }，{ $therapist }
alert-order-speech = 新订单，{ $customer }，{ $when }，{ $service }{ $length }，{ $therapist }
alert-limit-text = 还有 { $minutes } 分钟：{ $customer }，{ $when }，不答复会自动退单
alert-limit-speech = 还有{ $minutes }，{ $customer }，{ $when }，不答复会自动退单
alert-unanswered-text = 没有及时答复，已退单：{ $customer }，{ $when }，{ $therapist }
alert-unanswered-speech = 已自动退单，{ $customer }，{ $when }，{ $therapist }，没有及时答复
alert-cancelled-text = 预约取消：{ $customer }，{ $when }，{ $service }，{ $therapist }
alert-cancelled-speech = 预约取消，{ $customer }，{ $when }，{ $service }，{ $therapist }
alert-late-text = 会晚到 { $more }：{ $customer }，{ $when }，{ $therapist }
alert-late-speech = { $customer }会晚到{ $more }，{ $when }，{ $therapist }
alert-longer-text = 加钟 { $more }：{ $customer }，{ $when }，{ $therapist }
alert-longer-speech = 加钟{ $more }，{ $customer }，{ $when }，{ $therapist }
alert-relief-text = 服务中换师傅：{ $customer }，{ $when }，{ $therapist }接手
alert-relief-speech = 服务中换师傅，{ $customer }，{ $when }，{ $therapist }接手
alert-overdue-text = 过了半小时还没按完成：{ $customer }，{ $when }，{ $therapist }
alert-overdue-speech = { $customer }，{ $when }，{ $therapist }，过了半小时，做完请按完成
alert-unsafe-text = 安全键，服务已中止：{ $customer }，{ $when }，{ $therapist }
alert-unsafe-speech = 注意，安全键，{ $customer }，{ $when }，{ $therapist }，服务已中止
alert-dispute-text = 顾客申诉，说没有失约：{ $customer }，{ $when }，{ $therapist }
alert-dispute-speech = 顾客申诉，{ $customer }，{ $when }，{ $therapist }，说没有失约

# What leaves through WeChat.
alert-invitation = 点这里评价，谢谢您
alert-why-customers-plans = 顾客时间有变
alert-why-unpaid = 没有按时付款
alert-why-therapist-away = 师傅临时不在
alert-why-full = 时间已约满
alert-why-closing-early = 店里提前打烊
alert-why-unsuitable = 情况不适合按摩
alert-why-unanswered = 店里没有及时答复
alert-why-not-there = 叫号没有人应
alert-why-unsafe = 师傅不安全，已中止
alert-why-customer-unwell = 顾客身体不适
alert-why-customer-stops = 顾客不想做了
alert-why-shop-trouble = 店里出了问题
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
alert-pending = { $count } 个待确认
alert-none-pending = 没有待确认
alert-next = 下一位 { $who }
alert-in-shop = 已到店 { $who }
alert-no-next = 今天后面没有预约
alert-answer-by = 请在{ $time }前答复
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
