package dev.architect.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.server.access.Principal;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Work for many clients at a time. */
final class LiveSendersTest {

    private static final LiveSink NOWHERE = new LiveSink() {
        @Override
        public void send(LiveMessage message, OnEnd onEnd) {}

        @Override
        public void close(int code, String reason, Runnable onClosed) {}

        @Override
        public void disconnect() {}
    };

    private static List<LiveConnection> clients(int count) {
        return Stream.generate(() -> new LiveConnection(NOWHERE, Principal.operator(), TimeSource.system()))
                .limit(count)
                .toList();
    }

    @Test
    void everyClientIsServedOnceWhateverBecomesOfOthers() throws Exception {
        for (int count : new int[] {0, 1, 200, 1_000}) {
            // One thread and several.
            int processors = count == 200 ? 2 : 8;
            List<LiveConnection> clients = clients(count);
            Set<LiveConnection> served = ConcurrentHashMap.newKeySet();
            try (ThreadRunner runner = new ThreadRunner("senders")) {
                new LiveSenders(runner, processors).each(clients, client -> {
                    assertThat(served.add(client)).isTrue();
                    if (served.size() % 7 == 0) {
                        throw new IllegalStateException("this one fails");
                    }
                });
            }

            assertThat(served).hasSameSizeAs(clients).containsAll(clients);
        }
    }

    @Test
    void halfOfTheProcessorsAreLeftToTheWork() throws Exception {
        for (int processors : new int[] {1, 2, 3, 4, 8, 64}) {
            Set<Thread> used = ConcurrentHashMap.newKeySet();
            try (ThreadRunner runner = new ThreadRunner("senders")) {
                new LiveSenders(runner, processors).each(clients(500), client -> used.add(Thread.currentThread()));
            }

            assertThat(used).hasSizeBetween(1, Math.max(1, Math.min(4, processors / 2)));
        }
    }

    @Test
    void withoutThreadsTheCallerDoesAll() throws Exception {
        ThreadRunner closed = new ThreadRunner("senders");
        closed.close();
        Set<LiveConnection> served = ConcurrentHashMap.newKeySet();

        new LiveSenders(closed, 8).each(clients(500), served::add);

        assertThat(served).hasSize(500);
    }
}
