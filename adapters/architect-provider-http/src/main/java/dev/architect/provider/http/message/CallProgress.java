package dev.architect.provider.http.message;

import dev.architect.model.DeliveryStatus;

/**
 * How far one call has come: whether its request was sent, and the status and headers of its reply. The transport advances it,
 * and the exchange reads it for answers and failures. Used by one thread.
 */
public final class CallProgress {

    private DeliveryStatus delivery = DeliveryStatus.NOT_SENT;
    private int resends;
    private int status;
    private ReplyHeaders headers = ReplyHeaders.none();

    /** Creates the progress of a call that was not sent. */
    public CallProgress() {}

    /** Records how far the request has come. */
    public void reached(DeliveryStatus how) {
        delivery = how;
    }

    /** Records that the request is sent once more, because its connection died before any byte of a reply. */
    public void resent() {
        resends++;
    }

    /** Records that a reply has begun. */
    public void replied(int code, ReplyHeaders received) {
        status = code;
        headers = received;
        delivery = DeliveryStatus.ANSWERED;
    }

    /** Whether the provider may have seen the request; {@link DeliveryStatus#NOT_SENT} at first. */
    public DeliveryStatus delivery() {
        return delivery;
    }

    /** How often the request was sent once more. */
    public int resends() {
        return resends;
    }

    /** The HTTP status of the reply; 0 before there is one. */
    public int status() {
        return status;
    }

    /** The headers of the reply; none before there is one. */
    public ReplyHeaders headers() {
        return headers;
    }
}
