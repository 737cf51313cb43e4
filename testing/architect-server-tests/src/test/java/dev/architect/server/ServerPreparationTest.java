package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is done before the first server of a process starts. */
final class ServerPreparationTest {

    @Test
    void nothingIsLeftOfAPreparation() throws Exception {
        ServerPreparation.run();

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("architect-http"));
        try (ServerFixture fixture = new ServerFixture()) {
            assertThat(fixture.get("/health").statusCode()).isEqualTo(200);
        }
    }
}
