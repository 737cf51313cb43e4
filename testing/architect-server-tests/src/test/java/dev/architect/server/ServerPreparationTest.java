package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.testkit.time.ThreadEnds;
import org.junit.jupiter.api.Test;

/** What is done before the first server of a process starts. */
final class ServerPreparationTest {

    @Test
    void nothingIsLeftOfAPreparation() throws Exception {
        ServerPreparation.run();

        assertThat(ThreadEnds.awaitNamed("architect-http")).isEmpty();
        try (ServerFixture fixture = new ServerFixture()) {
            assertThat(fixture.get("/health").statusCode()).isEqualTo(200);
        }
    }
}
