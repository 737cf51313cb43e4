package dev.architect.transport.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.node.MemberView;
import dev.architect.spi.ClusterTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

/** A member in a process of its own, which a test can kill or stop. */
final class MemberProcess implements AutoCloseable {

    private final Process process;
    private final String address;

    private MemberProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Joins the cluster {@code arguments[0]} as {@code arguments[1]}, and knows the addresses that follow. Ends with its input. */
    public static void main(String[] arguments) throws Exception {
        JGroupsTransport transport = JGroupsTransport.builder(arguments[0])
                .peers(List.of(arguments).subList(2, arguments.length))
                .build();
        CountDownLatch started = new CountDownLatch(1);
        transport.start(arguments[1], new ClusterTransport.Receiver() {
            @Override
            public void onMessage(String from, byte[] message) {
                transport.send(from, message);
            }

            @Override
            public void onView(MemberView view) {
                try {
                    // So that the address is the first line.
                    started.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
                System.out.println("view " + new TreeSet<>(view.members()));
            }
        });
        System.out.println(transport.address());
        started.countDown();
        while (System.in.read() >= 0) {
            continue;
        }
        transport.close();
    }

    /** Starts a member and waits until it has joined. */
    static MemberProcess start(String cluster, String name, List<String> peers) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MemberProcess.class.getName(),
                cluster,
                name));
        command.addAll(peers);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Views are not read: a pipe holds more of them than a test sees.
        String address =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(address).as("address of %s", name).isNotNull();
        return new MemberProcess(process, address);
    }

    String address() {
        return address;
    }

    /** Ends it with {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
    }

    /** Sends it a signal, for example {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
