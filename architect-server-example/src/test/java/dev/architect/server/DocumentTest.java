package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.server.http.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the server answers is described. */
final class DocumentTest {

    @Test
    void everyEndpointIsInTheDocument() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "server.md"));

        try (TestHouse house = new TestHouse()) {
            assertThat(house.server.endpoints())
                    .isNotEmpty()
                    .allSatisfy(endpoint -> assertThat(document).contains(named(endpoint)));
        }
    }

    private static String named(Endpoint endpoint) {
        String path = endpoint.path().startsWith("/page/") ? "/page/…" : endpoint.path();
        return "`" + endpoint.method() + " " + path;
    }
}
