package dev.architect.cli.launch;

import dev.architect.cli.terminal.CommandFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that ask a running server: where it is, and the token of the operator. */
public final class ServerAccess {

    private static final String USUAL = "http://127.0.0.1:" + LocalServer.DEFAULT_PORT;

    @Option(names = "--server", paramLabel = "URL", description = "The server that is asked, such as " + USUAL + ".")
    private @Nullable String server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "The file of the access token of the server. By default what ARCHITECT_TOKEN holds, or else the file"
                            + " token in the data directory.")
    private @Nullable Path tokenFile;

    /** Creates options that state nothing. */
    public ServerAccess() {}

    /**
     * A client of the server that is named; empty when none is.
     *
     * @param directory the data directory, which may have the token
     * @throws CommandFailure when the token cannot be had, or the address is none
     */
    public Optional<ServerClient> named(Path directory) {
        return Optional.ofNullable(server).map(url -> client(url, directory));
    }

    /**
     * A client of the server that is named, or else of the one at the usual port of this machine.
     *
     * @param directory the data directory, which may have the token
     * @throws CommandFailure when the token cannot be had, or the address is none
     */
    public ServerClient namedOrUsual(Path directory) {
        return client(server == null ? USUAL : server, directory);
    }

    private ServerClient client(String url, Path directory) {
        try {
            return new ServerClient(url, TokenSource.of(tokenFile).readExisting(directory));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
