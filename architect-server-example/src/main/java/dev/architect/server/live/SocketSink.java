package dev.architect.server.live;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** Sends messages over a WebSocket. Safe for use by several threads. */
final class SocketSink implements LiveSink {

    private final Session session;

    SocketSink(Session session) {
        this.session = session;
    }

    @Override
    public void send(LiveMessage message, OnEnd onEnd) {
        session.sendText(message.json(), Callback.from(() -> onEnd.ended(true), failure -> onEnd.ended(false)));
    }

    @Override
    public void close(int code, String reason, Runnable onClosed) {
        session.close(code, reason, Callback.from(onClosed, failure -> onClosed.run()));
    }

    @Override
    public void disconnect() {
        session.disconnect();
    }
}
