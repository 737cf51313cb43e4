package dev.architect.cli.terminal;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a port from the command line: 0 to 65535, 0 for any free one. */
public final class PortOption implements ITypeConverter<Integer> {

    private static final int HIGHEST = 65_535;

    /** Fails when that port of this machine is in use; 0 is always free. */
    public static void checkFree(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        } catch (BindException taken) {
            throw new CommandFailure(
                    "port " + port + " cannot be used (" + taken.getMessage() + "): choose another one with --port",
                    taken);
        }
    }

    /** Creates the converter. */
    public PortOption() {}

    @Override
    public Integer convert(String text) {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= HIGHEST) {
            return Integer.valueOf(text);
        }
        throw new TypeConversionException("'" + text + "' is not a port, expected 0.." + HIGHEST);
    }
}
