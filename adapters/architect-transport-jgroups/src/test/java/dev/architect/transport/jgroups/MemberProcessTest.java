package dev.architect.transport.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members in processes of their own are killed and stopped. */
final class MemberProcessTest {

    private static final String CLUSTER = "processes";

    private static final int MOST_TIMES = Boolean.getBoolean("architect.slow") ? 1 : 3;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable member : opened) {
            member.close();
        }
    }

    @Test
    void aMemberThatIsKilledIsNoticedWithinThreeSeconds() throws Exception {
        JGroupsTransport here = here(List.of());
        MemberProcess second = process("second", List.of(here.address()));
        MemberProcess third = process("third", List.of(here.address()));
        Waiting.until("three members", () -> here.view().members().size() == 3);

        third.kill();
        Duration member =
                Waiting.until("third is gone", () -> !here.view().members().contains("third"));
        // The oldest member, which makes the views, is the one here: the next test kills the oldest.
        second.kill();
        Duration other =
                Waiting.until("second is gone", () -> here.view().members().equals(Set.of("here")));

        System.out.println("killed member noticed after " + member.toMillis() + " and " + other.toMillis() + " ms");
        assertThat(member).isLessThan(Duration.ofSeconds(3));
        assertThat(other).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void theOldestMemberIsNoAnchor() throws Exception {
        MemberProcess oldest = process("oldest", List.of());
        JGroupsTransport here = here(List.of(oldest.address()));
        JGroupsTransport youngest = transport("youngest", List.of(oldest.address()), new ArrayList<>());
        Waiting.until(
                "three members",
                () -> here.view().members().size() == 3
                        && youngest.view().members().size() == 3);

        oldest.kill();
        Duration noticed = Waiting.until(
                "oldest is gone",
                () -> here.view().members().equals(Set.of("here", "youngest"))
                        && youngest.view().members().equals(Set.of("here", "youngest")));

        System.out.println("killed oldest member noticed after " + noticed.toMillis() + " ms");
        assertThat(noticed).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    @Timeout(180)
    void aMemberThatIsStoppedIsNoticedWithinSevenSecondsAndComesBack() throws Exception {
        List<String> answers = new CopyOnWriteArrayList<>();
        MemberProcess oldest = process("oldest", List.of());
        JGroupsTransport here = transport("here", List.of(oldest.address()), answers);
        MemberProcess third = process("third", List.of(here.address()));
        Waiting.until("three members", () -> here.view().members().size() == 3);

        // Beside other modules the members get no processor for seconds: there the quickest of a few times counts, and
        // the first one
        // where the slow tests run alone.
        Duration quickest = Waiting.LIMIT;
        for (int time = 0; time < MOST_TIMES && quickest.compareTo(Duration.ofSeconds(7)) > 0; time++) {
            oldest.signal("STOP");
            Duration noticed =
                    Waiting.until("oldest is gone", () -> here.view().members().equals(Set.of("here", "third")));
            oldest.signal("CONT");
            Duration merged =
                    Waiting.until("oldest is back", () -> here.view().members().size() == 3);
            System.out.println("stopped member noticed after " + noticed.toMillis() + " ms, merged after "
                    + merged.toMillis() + " ms");
            assertThat(noticed).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
            quickest = noticed.compareTo(quickest) < 0 ? noticed : quickest;
        }

        assertThat(quickest).isLessThanOrEqualTo(Duration.ofSeconds(7));
        Waiting.until("messages to both and back", () -> {
            here.broadcast(new byte[] {1});
            return answers.contains("oldest") && answers.contains("third");
        });
        third.kill();
        Waiting.until(
                "the merged cluster notices a death",
                () -> here.view().members().equals(Set.of("here", "oldest")));
    }

    private JGroupsTransport here(List<String> peers) {
        return transport("here", peers, new ArrayList<>());
    }

    private JGroupsTransport transport(String name, List<String> peers, List<String> senders) {
        JGroupsTransport transport =
                JGroupsTransport.builder(CLUSTER).peers(peers).build();
        opened.add(transport);
        transport.start(name, (from, message) -> senders.add(from));
        return transport;
    }

    private MemberProcess process(String name, List<String> peers) throws Exception {
        MemberProcess process = MemberProcess.start(CLUSTER, name, peers);
        opened.add(process);
        return process;
    }
}
