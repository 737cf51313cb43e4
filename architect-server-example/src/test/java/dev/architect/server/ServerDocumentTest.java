package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.server.rest.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every endpoint is documented. */
final class ServerDocumentTest {

    @Test
    void everyEndpointIsInTheDocument() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "reference", "server.md"));

        try (ServerFixture fixture = new ServerFixture()) {
            assertThat(fixture.server.endpoints())
                    .isNotEmpty()
                    .allSatisfy(endpoint -> assertThat(document).contains(named(endpoint)));
        }
    }

    private static String named(Endpoint endpoint) {
        String path = endpoint.path().startsWith("/page/") ? "/page/…" : endpoint.path();
        return "`" + endpoint.method() + " " + path;
    }
}
