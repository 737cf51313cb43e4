package dev.architect.planner.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.approval.shell.ShellScanner;
import dev.architect.planner.approval.shell.ShellText;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever comes in, a decision comes out: nothing is thrown, nothing overflows, and nothing dangerous is allowed. */
final class ApprovalsFuzzTest {

    private static final String ALPHABET =
            "abrmsudo /.-'\"\\$`(){}[]*?~&|;<>\n\t\r=#!%,:@\u0000\u001b\u0085\u00a0\u2028\u202eé日\ud83d\ude00";

    /** Pieces that have broken readers before. */
    private static final List<String> PIECES = List.of(
            "rm -rf /",
            "sudo id",
            "$(",
            "`",
            "'",
            "\"",
            "\\\n",
            "<<EOF\n",
            "&& ",
            "| sh",
            ".env",
            "../",
            "~/.ssh/",
            "> .git/config",
            "ls ",
            "cat ",
            "echo ",
            "cd .. && ",
            "LANG=C ",
            "--output=",
            "{a,b}",
            "${x}",
            "$'\\x72m'",
            "\u0000",
            "a".repeat(300),
            "'a b' ");

    private final Approvals approvals = Approvals.of(ApprovalFixture.policy());

    @Test
    void everyTextGetsADecision() {
        fuzz(Duration.ofSeconds(3));
    }

    @Test
    @Tag("slow")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void everyTextGetsADecisionForTenMinutes() {
        fuzz(Duration.ofMinutes(10));
    }

    @Test
    void whatIsAllowedWasUnderstoodToTheLastCharacter() {
        long seed = Long.getLong("approvals.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            String text = text(random);
            Decision decision = approvals.decide(new Action.Shell(text), ApprovalFixture.context());
            if (decision.isAllowed()) {
                ShellText read = ShellScanner.scan(text);
                assertThat(read.isClear()).as("%s, seed %d", text, seed).isTrue();
                assertThat(read.commands())
                        .allSatisfy(command -> assertThat(List.of("rm", "sudo", "sh"))
                                .as("%s, seed %d", text, seed)
                                .doesNotContain(command.words().get(0)));
            }
        }
    }

    @Test
    void aMegabyteIsReadInLinearTime() {
        long half = cpuNanos(repeated(500_000));
        long whole = cpuNanos(repeated(1_000_000));

        // Quadratic time would be four times as long; the rest is the machine's.
        assertThat(whole).isLessThan(half * 3 + Duration.ofMillis(20).toNanos());
    }

    @Test
    void depthIsNoRecursion() {
        for (String deep : List.of("(", "$(", "{ ", "`", "\"$(", "<(", "[[ ", "if ")) {
            Decision decision =
                    approvals.decide(new Action.Shell(deep.repeat(100_000) + "ls"), ApprovalFixture.context());

            assertThat(decision.verdict()).isEqualTo(Verdict.ASK);
        }
        Context loop = Context.builder("/srv/app", ApprovalFixture.TIME)
                .links(LinkReader.of(Map.of("/srv/app/a", "b", "/srv/app/b", "a")))
                .build();
        assertThat(approvals.decide(new Action.Read("a/x"), loop).verdict()).isEqualTo(Verdict.ASK);
        assertThat(approvals
                        .decide(new Action.Read("a/".repeat(100_000)), ApprovalFixture.context())
                        .verdict())
                .isEqualTo(Verdict.ASK);
    }

    @Test
    void aFailureAllowsNothing() {
        Context broken = Context.builder("/srv/app", ApprovalFixture.TIME)
                .links(path -> {
                    throw new IllegalStateException("the disk is gone");
                })
                .build();

        Decision decision = approvals.decide(new Action.Shell("ls docs"), broken);

        assertThat(decision.verdict()).isEqualTo(Verdict.ASK);
        assertThat(decision.reason()).contains("IllegalStateException");
    }

    private void fuzz(Duration time) {
        long seed = Long.getLong("approvals.seed", System.nanoTime());
        Random random = new Random(seed);
        long end = System.nanoTime() + time.toNanos();
        int rounds = 0;
        while (System.nanoTime() < end) {
            String text = text(random);
            for (Action action : List.of(
                    new Action.Shell(text),
                    new Action.Exec(List.of(text.split(" ", -1))),
                    new Action.Edit(text),
                    new Action.Read(text),
                    new Action.Fetch("https://docs.example.org" + text, "GET"))) {
                Decision decision = approvals.decide(action, ApprovalFixture.context());
                assertThat(decision.reason()).as("%s, seed %d", action, seed).doesNotStartWith("could not be judged");
            }
            rounds++;
        }
        System.out.printf("%,d texts, seed %d%n", rounds, seed);
        assertThat(rounds).isPositive();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(12);
        for (int index = 0; index < pieces; index++) {
            if (random.nextBoolean()) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            } else {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
        }
        return text.toString();
    }

    private static String repeated(int characters) {
        StringBuilder text = new StringBuilder();
        Random random = new Random(1);
        while (text.length() < characters) {
            text.append(ALPHABET.charAt(random.nextInt(12))).append(random.nextInt(5) == 0 ? " " : "");
        }
        return text.toString();
    }

    private long cpuNanos(String text) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 6; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            approvals.decide(new Action.Shell(text), ApprovalFixture.context());
            best = Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
        }
        return best;
    }
}
