package dev.architect.provider.http;

import dev.architect.model.Delivery;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Response;

/** Knows how far a call has come. Written by the thread of its call, read by the same. */
final class SendState extends EventListener {

    private Delivery delivery = Delivery.NOT_SENT;

    @Override
    public void requestHeadersStart(Call call) {
        if (delivery == Delivery.NOT_SENT) {
            delivery = Delivery.UNKNOWN;
        }
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        delivery = Delivery.ANSWERED;
    }

    Delivery delivery() {
        return delivery;
    }
}
