package dev.architect.runtime.partition;

import java.io.IOException;
import java.io.InputStream;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A few machines on one network, as far as Linux shows them: namespaces that a bridge of its own connects, each with one address, and this
 * process at the bridge. What passes between them is cut by packet filters inside the namespaces.
 *
 * <p>All names begin with the number of this process. What a process left that was killed is removed by the next one.
 */
final class NetworkNamespaces implements AutoCloseable {

    private static final String PREFIX = "arc";
    private static final Pattern OURS = Pattern.compile("\\b" + PREFIX + "(\\d+)[nb]\\d*\\b");
    private static final int FIRST_NODE = 11;
    private static final int NETWORKS = 250;
    private static final String TABLE = "inet architect_cut";

    private final String name = PREFIX + ProcessHandle.current().pid();
    private final String network;
    private final int count;
    private final Thread cleaner = new Thread(this::remove, "network-namespaces");

    private NetworkNamespaces(String network, int count) {
        this.network = network;
        this.count = count;
    }

    /** Why this machine has none; empty when it has. */
    static Optional<String> unavailable() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces need root, and this is " + System.getProperty("user.name"));
        }
        for (List<String> tool : List.of(List.of("ip", "-V"), List.of("nft", "-v"))) {
            if (!tries(tool)) {
                return Optional.of("there is no '" + tool.get(0) + "' (packages iproute2 and nftables)");
            }
        }
        String probe = PREFIX + ProcessHandle.current().pid() + "n0";
        boolean works = tries(List.of("ip", "netns", "add", probe))
                && tries(List.of("ip", "netns", "exec", probe, "nft", "add", "table", "inet", "probe"));
        tries(List.of("ip", "netns", "del", probe));
        return works ? Optional.empty() : Optional.of("this kernel or container lets root make no network namespaces");
    }

    /** Makes so many machines. */
    static NetworkNamespaces create(int count) {
        removeAbandoned();
        NetworkNamespaces made = new NetworkNamespaces(freeNetwork(), count);
        Runtime.getRuntime().addShutdownHook(made.cleaner);
        try {
            made.make();
            return made;
        } catch (RuntimeException failure) {
            made.close();
            throw failure;
        }
    }

    private void make() {
        run("ip", "link", "add", bridge(), "type", "bridge");
        run("ip", "addr", "add", host() + "/24", "dev", bridge());
        run("ip", "link", "set", bridge(), "up");
        for (int node = 0; node < count; node++) {
            String space = space(node);
            run("ip", "netns", "add", space);
            run("ip", "link", "add", cable(node), "type", "veth", "peer", "name", "eth0", "netns", space);
            run("ip", "link", "set", cable(node), "master", bridge(), "up");
            run("ip", "-n", space, "addr", "add", address(node) + "/24", "dev", "eth0");
            run("ip", "-n", space, "link", "set", "eth0", "up");
            run("ip", "-n", space, "link", "set", "lo", "up");
        }
    }

    /** The address of this process. */
    String host() {
        return network + "1";
    }

    /** The network with its mask. */
    String network() {
        return network + "0/24";
    }

    /** The address of a machine, from 0. */
    String address(int node) {
        return network + (FIRST_NODE + node);
    }

    /** What a command begins with that is to run on a machine. */
    List<String> on(int node) {
        return List.of("ip", "netns", "exec", space(node));
    }

    /** Cuts a machine off others: it hears nothing from them and, unless it is one way, nothing of it comes to them. */
    void cutOff(int node, boolean isOneWay, int... others) {
        List<String> addresses = new ArrayList<>();
        for (int other : others) {
            addresses.add(address(other));
        }
        String set = "{ " + String.join(", ", addresses) + " }";
        filter(node, "in", "ip saddr " + set + " drop");
        if (!isOneWay) {
            filter(node, "out", "ip daddr " + set + " drop");
        }
    }

    /** Cuts a machine off a port of this process. */
    void cutOffPort(int node, int port) {
        filter(node, "in", "ip saddr " + host() + " tcp sport " + port + " drop");
        filter(node, "out", "ip daddr " + host() + " tcp dport " + port + " drop");
    }

    private void filter(int node, String chain, String rule) {
        inside(node, "add table " + TABLE);
        inside(
                node,
                "add chain " + TABLE + " " + chain + " { type filter hook " + (chain.equals("in") ? "input" : "output")
                        + " priority 0; }");
        inside(node, "add rule " + TABLE + " " + chain + " " + rule);
    }

    private void inside(int node, String command) {
        List<String> line = new ArrayList<>(on(node));
        line.addAll(List.of("nft", command));
        run(line.toArray(String[]::new));
    }

    /** Ends all cuts of a machine. */
    void heal(int node) {
        inside(node, "add table " + TABLE);
        inside(node, "delete table " + TABLE);
    }

    private String space(int node) {
        return name + "n" + node;
    }

    private String bridge() {
        return name + "b";
    }

    private String cable(int node) {
        return name + "b" + node;
    }

    private void remove() {
        for (int node = 0; node < count; node++) {
            tries(List.of("ip", "netns", "del", space(node)));
            tries(List.of("ip", "link", "del", cable(node)));
        }
        tries(List.of("ip", "link", "del", bridge()));
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException ending) {
            // The hook does the same once more.
        }
    }

    private static void removeAbandoned() {
        String all = output(List.of("ip", "netns", "list")) + output(List.of("ip", "-o", "link"));
        Matcher left = OURS.matcher(all);
        while (left.find()) {
            if (ProcessHandle.of(Long.parseLong(left.group(1))).isEmpty()) {
                tries(List.of("ip", "netns", "del", left.group()));
                tries(List.of("ip", "link", "del", left.group()));
            }
        }
    }

    private static String freeNetwork() {
        int first = (int) (ProcessHandle.current().pid() % NETWORKS);
        for (int i = 0; i < NETWORKS; i++) {
            String network = "10.231." + (first + i) % NETWORKS + ".";
            if (!isUsed(network)) {
                return network;
            }
        }
        throw new IllegalStateException("no free network below 10.231.0.0");
    }

    private static boolean isUsed(String network) {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(address -> address.getHostAddress().startsWith(network));
        } catch (SocketException failure) {
            throw new IllegalStateException("cannot list the networks of this machine", failure);
        }
    }

    private static void run(String... command) {
        Result result = result(List.of(command));
        if (result.status() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + result.output());
        }
    }

    private static boolean tries(List<String> command) {
        try {
            return result(command).status() == 0;
        } catch (IllegalStateException missing) {
            return false;
        }
    }

    private static String output(List<String> command) {
        return result(command).output();
    }

    private record Result(int status, String output) {}

    private static Result result(Collection<String> command) {
        try {
            Process process = new ProcessBuilder(List.copyOf(command))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output;
            try (InputStream in = process.getInputStream()) {
                output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " does not end");
            }
            return new Result(process.exitValue(), output);
        } catch (IOException failure) {
            throw new IllegalStateException("cannot run " + command, failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stop);
        }
    }
}
