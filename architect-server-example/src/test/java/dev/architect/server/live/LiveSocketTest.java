package dev.architect.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.server.access.Principal;
import dev.architect.testkit.time.ManualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Test;

/** The WebSocket of a slow page, on manual time. */
final class LiveSocketTest {

    private final ManualTime time = new ManualTime();
    private final List<String> sent = new ArrayList<>();
    private final List<Callback> pending = new ArrayList<>();
    private int disconnects;

    private final LiveSocket socket = new LiveSocket(session(), Principal.operator(), time);

    private Session session() {
        return (Session) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sendText")) {
                        sent.add((String) arguments[0]);
                        pending.add((Callback) arguments[1]);
                    }
                    if (method.getName().equals("disconnect")) {
                        disconnects++;
                    }
                    return null;
                });
    }

    @Test
    void hasOneSnapshotInFlightAndSkipsTheOthers() {
        socket.offer("1");
        socket.offer("2");
        socket.offer("3");
        assertThat(sent).containsExactly("1");

        pending.get(0).succeed();
        socket.offer("4");

        assertThat(sent).containsExactly("1", "4");
        assertThat(disconnects).isZero();
    }

    @Test
    void isDisconnectedWhenOneSnapshotTakesLongerThanTenSeconds() {
        socket.offer("1");
        time.advance(Duration.ofSeconds(10));
        socket.offer("2");
        assertThat(disconnects).isZero();

        time.advance(Duration.ofNanos(1));
        socket.offer("3");

        assertThat(disconnects).isEqualTo(1);
        assertThat(sent).containsExactly("1");
    }

    @Test
    void isDisconnectedWhenSendingFails() {
        socket.offer("1");

        pending.get(0).fail(new IllegalStateException("gone"));

        assertThat(disconnects).isEqualTo(1);
    }
}
