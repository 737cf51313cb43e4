package dev.architect.cli.launch;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.event.EventListener;
import dev.architect.runtime.AddressRange;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.PublicOrigin;
import dev.architect.runtime.ServerSettings;
import java.io.IOException;

/** Starts the server where its jars are there: most commands run without them. */
public final class ServerLauncher {

    private ServerLauncher() {}

    /**
     * Lets another processor, if there is one, do what the first start of a server in this process would wait for. Returns at once, and does nothing
     * the next time.
     */
    public static void prepare() {
        // A reference to the method would load the class here, also where the server is not on the class path.
        StartPreparation.begin(() -> LocalServer.prepare());
    }

    /** Before anything is opened. */
    private static void requireTls(ServerSettings settings) {
        String address = settings.address().orElse("127.0.0.1");
        boolean isLoopback = AddressRange.parse("127.0.0.0/8").contains(address)
                || AddressRange.parse("::1").contains(address);
        boolean isBehindTls = settings.origins().stream().anyMatch(PublicOrigin::isSecure);
        if (!isLoopback && !isBehindTls && !settings.plainHttp()) {
            throw new CommandFailure("other machines reach " + address
                    + ", expected --origin https://… of a proxy with TLS, or --plain-http");
        }
    }

    /**
     * Starts an Architect and its server, or neither.
     *
     * @throws CommandFailure when the server is not on the class path, or there is no usable token
     * @throws IOException when the file of the token cannot be read or made
     */
    public static LocalServer start(ArchitectSetup setup, int port, TokenSource tokens, EventListener... listeners)
            throws IOException {
        return start(setup, port, tokens, ServerSettings.DEFAULT, listeners);
    }

    /**
     * Starts an Architect and its server as {@code options} state it, and otherwise the configuration, or neither.
     *
     * @throws CommandFailure when the server is not on the class path, there is no usable token, or other machines would reach it over
     *     plain HTTP and that was not allowed
     * @throws IOException when the file of the token cannot be read or made
     */
    public static LocalServer start(
            ArchitectSetup setup, int port, TokenSource tokens, ServerSettings options, EventListener... listeners)
            throws IOException {
        requireTls(setup.serverSettings().overriddenBy(options));
        try {
            return LocalServer.start(setup, port, tokens, options, listeners);
        } catch (NoClassDefFoundError missing) {
            // LocalServer alone names classes of the server, so the error comes before anything is opened.
            throw new CommandFailure(
                    "the server is not on the class path, expected the jars of the folder server beside lib", missing);
        }
    }
}
