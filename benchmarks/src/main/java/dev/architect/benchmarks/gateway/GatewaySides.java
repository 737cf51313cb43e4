package dev.architect.benchmarks.gateway;

import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.benchmarks.NpmInstall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The gateways that can be measured, each as its own documentation starts it. */
final class GatewaySides {

    /** The model of every request. It has a price, so that a call is priced. */
    static final String MODEL = "gpt-4o-mini";

    /** The name of our server in figures. */
    static final String ARCHITECT = "architect";

    /** The name of the peer in figures. */
    static final String PORTKEY = "portkey";

    private static final String VERSION = "1.15.2 with @hono/node-server 1.13.7";
    private static final String MODULE = "@portkey-ai/gateway";
    private static final NpmInstall NPM =
            new NpmInstall(GatewaySides.class, PORTKEY, List.of("package.json", "package-lock.json"), MODULE);
    private static final String TOKEN = "5eb63bbbe01eeed093cb22bb8f5acdc35eb63bbbe01eeed093cb22bb8f5acdc3";

    private GatewaySides() {}

    /** Our server, started by {@code launcher} as a person starts it: its flags are those that the launcher sets. */
    static GatewayUnderTest architect(Path launcher, URI upstream, Path directory) {
        if (!Files.isExecutable(launcher)) {
            throw new InvalidOptionException("--launcher is '" + launcher + "', expected the program gaia");
        }
        Path configuration = directory.resolve("architect.yaml");
        write(configuration, """
                providers:
                  openai: {baseUrl: "%s/v1"}
                """.formatted(upstream));
        return new GatewayUnderTest(
                ARCHITECT,
                "this source tree",
                List.of(
                        launcher.toAbsolutePath().toString(),
                        "serve",
                        "--port",
                        GatewayUnderTest.PORT,
                        "--config",
                        configuration.toString(),
                        "--data",
                        directory.resolve("architect-data").toString()),
                Map.of("OPENAI_API_KEY", "benchmark", "ARCHITECT_TOKEN", TOKEN),
                Map.of("Authorization", "Bearer " + TOKEN),
                MODEL,
                directory);
    }

    /**
     * Returns what keeps the peer from being measured, after an attempt to install it; empty when it is there. Version 1.13.7 of its HTTP
     * server is pinned, since a fresh install brings one that answers every stream with 500.
     */
    static Optional<String> installPortkey(Path directory) {
        return NPM.into(directory.resolve(PORTKEY));
    }

    /** The peer, on one process of Node.js as its documentation starts it. */
    static GatewayUnderTest portkey(URI upstream, Path directory) {
        return new GatewayUnderTest(
                PORTKEY,
                VERSION,
                List.of(
                        "node",
                        directory
                                .resolve(PORTKEY)
                                .resolve("node_modules/" + MODULE + "/build/start-server.js")
                                .toString(),
                        "--port=" + GatewayUnderTest.PORT,
                        "--headless"),
                Map.of("NODE_ENV", "production"),
                Map.of(
                        "Authorization",
                        "Bearer benchmark",
                        "x-portkey-provider",
                        "openai",
                        "x-portkey-custom-host",
                        upstream + "/v1"),
                MODEL,
                directory);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
