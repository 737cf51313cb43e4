package dev.architect.cli.house;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.server.AccessToken;
import dev.architect.server.ArchitectMeters;
import dev.architect.server.ArchitectServer;
import dev.architect.spi.TimeSource;

/** An Architect with its server. Closing it stops the server first, then the work, then the store. */
public final class RunningHouse implements AutoCloseable {

    private final Architect architect;
    private final ArchitectServer server;
    private final String token;

    private RunningHouse(Architect architect, ArchitectServer server, String token) {
        this.architect = architect;
        this.server = server;
        this.token = token;
    }

    /** Starts both, or neither. */
    public static RunningHouse start(ArchitectBuilder parts, int port) {
        ArchitectMeters meters = new ArchitectMeters();
        String token = AccessToken.newSecret(TimeSource.system());
        Architect architect = parts.listener(meters).build();
        try {
            ArchitectServer server = ArchitectServer.builder(architect, AccessToken.of(token))
                    .port(port)
                    .meters(meters)
                    .start();
            return new RunningHouse(architect, server, token);
        } catch (RuntimeException failure) {
            architect.close();
            throw failure;
        }
    }

    /** What does the work. */
    public Architect architect() {
        return architect;
    }

    /** Where the server answers. */
    public String url() {
        return server.url();
    }

    /** What opens the server. */
    public String token() {
        return token;
    }

    @Override
    public void close() {
        try {
            server.close();
        } finally {
            architect.close();
        }
    }
}
