package dev.architect.cli.launch;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.event.EventListener;
import dev.architect.runtime.ArchitectSetup;
import java.io.IOException;

/** Starts the server where its jars are there: most commands run without them. */
public final class ServerLauncher {

    private ServerLauncher() {}

    /**
     * Starts an Architect and its server, or neither.
     *
     * @throws CommandFailure when the server is not on the class path, or there is no usable token
     * @throws IOException when the file of the token cannot be read or made
     */
    public static LocalServer start(ArchitectSetup setup, int port, TokenSource tokens, EventListener... listeners)
            throws IOException {
        try {
            return LocalServer.start(setup, port, tokens, listeners);
        } catch (NoClassDefFoundError missing) {
            // LocalServer alone names classes of the server, so the error comes before anything is opened.
            throw new CommandFailure(
                    "the server is not on the class path, expected the jars of the folder server beside lib", missing);
        }
    }
}
