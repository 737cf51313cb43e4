package dev.architect.provider.http.transport;

import dev.architect.model.DeliveryStatus;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Response;

/** Tracks how far a call has come. Written by the thread of its call, read by the same. */
final class DeliveryTracker extends EventListener {

    private DeliveryStatus delivery = DeliveryStatus.NOT_SENT;

    @Override
    public void requestHeadersStart(Call call) {
        // From the first byte of the head on the provider may have received the call, even if the write fails later.
        if (delivery == DeliveryStatus.NOT_SENT) {
            delivery = DeliveryStatus.UNKNOWN;
        }
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        delivery = DeliveryStatus.ANSWERED;
    }

    DeliveryStatus delivery() {
        return delivery;
    }
}
