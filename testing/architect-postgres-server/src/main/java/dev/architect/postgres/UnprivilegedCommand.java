package dev.architect.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a command runs so that PostgreSQL accepts it: as it is for an ordinary user; for root, which PostgreSQL refuses, in a user namespace
 * where root has no number, or as the user {@code nobody}.
 */
enum UnprivilegedCommand {
    /** The caller is an ordinary user. */
    DIRECT(List.of(), false),

    /** A user namespace without a mapping: the process keeps root's files and has the number of nobody. */
    NAMESPACE(List.of("unshare", "-U"), false),

    /** The user nobody, by the tool of util-linux. */
    SETPRIV(List.of("setpriv", "--reuid=nobody", "--regid=" + groupOfNobody(), "--clear-groups"), true),

    /** The user nobody, by a shell of its own. */
    SU(List.of("su", "-s", "/bin/sh", "nobody", "-c", "exec \"$0\" \"$@\"", "--"), true);

    private final List<String> prefix;
    private final boolean changesUser;

    UnprivilegedCommand(List<String> prefix, boolean changesUser) {
        this.prefix = prefix;
        this.changesUser = changesUser;
    }

    /**
     * The first way that works here.
     *
     * @throws IllegalStateException if the caller is root and none works
     */
    static UnprivilegedCommand find() {
        if (!isRoot()) {
            return DIRECT;
        }
        for (UnprivilegedCommand way : List.of(NAMESPACE, SETPRIV, SU)) {
            if (way.works()) {
                return way;
            }
        }
        throw new IllegalStateException(
                "PostgreSQL refuses to run as root, and neither 'unshare -U' nor 'setpriv' nor 'su' to the user nobody"
                        + " works here: run the tests as an ordinary user, or name a running server in "
                        + PostgresServer.Version.V15.variable() + " and " + PostgresServer.Version.V18.variable());
    }

    /** True if a command can be run this way here. */
    boolean works() {
        // initdb also wants the user to have a name.
        return run(command(List.of("sh", "-c", "test $(id -u) -ne 0 && id -un")));
    }

    List<String> command(List<String> command) {
        var whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    /** Gives a folder with all it holds to the user that the command runs as. */
    void own(Path folder) throws IOException {
        if (!changesUser) {
            return;
        }
        var nobody = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        try (var all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Files.setOwner(path, nobody);
            }
        }
    }

    // Debian calls the group of nobody "nogroup", others "nobody".
    private static String groupOfNobody() {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
                String[] fields = line.split(":");
                if (fields[0].equals("nobody") && fields.length > 3) {
                    return fields[3];
                }
            }
        } catch (IOException e) {
            // Then the number that nobody's group has nearly everywhere.
        }
        return "65534";
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name")) || run(List.of("sh", "-c", "test $(id -u) -eq 0"));
    }

    static boolean run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
