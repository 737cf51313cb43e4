package dev.architect.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.Architect;
import dev.architect.access.PasswordHasher;
import dev.architect.access.Pbkdf2PasswordHasher;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.runtime.AccessToken;
import dev.architect.server.ArchitectServer;
import dev.architect.spi.TimeSource;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.provider.ScriptedProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A real server over the database of a data directory, and {@code gaia} on the same directory. */
final class ServedData implements AutoCloseable {

    private static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final PasswordHasher HASHER = new Pbkdf2PasswordHasher(1_000, TimeSource.system()::random);

    final Architect architect;
    private final SqliteStore store;
    private final ArchitectServer server;
    private final Path folder;

    private ServedData(Path folder, CostAwareRouter.Builder router) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("token"), SECRET + "\n");
        Files.setPosixFilePermissions(folder.resolve("token"), PosixFilePermissions.fromString("rw-------"));
        store = SqliteStore.at(folder.resolve("architect.db"));
        architect = Architect.builder()
                .store(store)
                .provider(ScriptedProvider.named("claude"))
                .router(router)
                .build();
        architect
                .access()
                .filter(users -> !users.hasUsers())
                .ifPresent(users -> users.addFirst(User.create(
                        "ada", Set.of(UserRole.ADMIN), HASHER.hash("tricky gnomes juggle lamps"), Instant.EPOCH)));
        server = ArchitectServer.builder(architect, AccessToken.of(SECRET))
                .port(0)
                .passwords(HASHER)
                .start();
    }

    static ServedData in(Path folder) throws IOException {
        return in(folder, router -> router);
    }

    static ServedData in(Path folder, UnaryOperator<CostAwareRouter.Builder> router) throws IOException {
        return new ServedData(folder, router.apply(CostAwareRouter.with(RoutingPolicy.standard())));
    }

    String url() {
        return server.url();
    }

    /** What the server answers. */
    JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .header("Authorization", "Bearer " + SECRET)
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        return new ObjectMapper().readTree(answer.body());
    }

    GaiaRun gaia(String... arguments) {
        return gaia(folder, arguments);
    }

    static GaiaRun gaia(Path folder, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", folder.toString()));
        return GaiaRun.gaia(all.toArray(String[]::new));
    }

    @Override
    public void close() {
        server.close();
        architect.close();
        store.close();
    }
}
