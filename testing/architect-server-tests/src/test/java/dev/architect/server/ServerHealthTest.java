package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.error.StoreException;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.store.FaultyStore;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What watchers of the process are answered, and how a request is named in its answer. */
final class ServerHealthTest {

    @Test
    void aNodeWhoseStoreIsNotReadIsAliveButNotReady() {
        AtomicBoolean isDown = new AtomicBoolean();
        try (ServerFixture fixture = new ServerFixture(TimeSource.system(), store -> {
            FaultyStore faulty = new FaultyStore(store);
            faulty.set((method, call) -> {
                if (isDown.get()) {
                    throw new StoreException(StoreException.Kind.BUSY, "the store is down", null);
                }
                return call.call();
            });
            return faulty;
        })) {
            assertThat(fixture.send(fixture.anonymous("/health/ready")).statusCode())
                    .isEqualTo(200);

            isDown.set(true);
            HttpResponse<String> refused = fixture.send(fixture.anonymous("/health/ready"));
            HttpResponse<String> live = fixture.send(fixture.anonymous("/health/live"));
            isDown.set(false);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(fixture.json(refused).get("code").textValue()).isEqualTo("not-ready");
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(live.statusCode()).isEqualTo(200);
            assertThat(fixture.send(fixture.anonymous("/health/ready")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aRequestKeepsTheNameThatItsSenderGave() {
        try (ServerFixture fixture = new ServerFixture()) {
            HttpResponse<String> answer =
                    fixture.send(fixture.request("/api/tasks/none").header("X-Request-Id", "order-7.a_B"));

            assertThat(answer.headers().firstValue("X-Request-Id")).contains("order-7.a_B");
            assertThat(fixture.json(answer).get("instance").textValue()).isEqualTo("order-7.a_B");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "a/b", "<script>", "12345678901234567890123456789012345678901234567890123456789012345"
            })
    void aRequestWithAnotherNameGetsOneOfItsOwn(String name) {
        try (ServerFixture fixture = new ServerFixture()) {
            HttpResponse<String> answer =
                    fixture.send(fixture.request("/api/tasks/none").header("X-Request-Id", name));

            String given = answer.headers().firstValue("X-Request-Id").orElseThrow();
            assertThat(given).matches("[0-9a-z]{13}");
            assertThat(fixture.json(answer).get("instance").textValue()).isEqualTo(given);
        }
    }
}
