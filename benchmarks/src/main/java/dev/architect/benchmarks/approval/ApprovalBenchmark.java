package dev.architect.benchmarks.approval;

import dev.architect.json.JsonText;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.OperandKind;
import dev.architect.planner.approval.OptionPattern;
import dev.architect.planner.approval.RuleScope;
import dev.architect.planner.approval.RuleTarget;
import dev.architect.planner.approval.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decisions about shell texts, beside reading the JSON of the same action. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ApprovalBenchmark {

    private static final int TWO_KILOBYTES = 2_048;
    private static final int MEGABYTE = 1_048_576;

    /** How many rules the policy has, a third each of those that allow, ask and deny. */
    @Param({"50", "500"})
    public int rules = 50;

    /**
     * What is decided: one allowed command; 2 kB of allowed commands; 2 kB of them with a substitution at the end, which both readers
     * read; 2 kB in one command without a rule; 1 MB of random characters.
     */
    @Param({"short", "clear", "unclear", "unknown", "megabyte"})
    public String text = "short";

    private Approvals approvals = Approvals.of(ApprovalPolicy.of("/srv/app", "/home/agent", List.of()));
    private Context context = context();
    private Action action = new Action.Shell("");
    private String json = "{}";

    /** Makes policy and action. */
    @Setup
    public void prepare() {
        approvals = Approvals.of(policy(rules));
        context = context();
        action = new Action.Shell(text());
        json = action.json();
        Verdict verdict = approvals.decide(action, context).verdict();
        boolean isAllowed = text.equals("short") || text.equals("clear");
        if (isAllowed != (verdict == Verdict.ALLOW)) {
            throw new IllegalStateException("'" + text + "' is decided as " + verdict + ", expected "
                    + (isAllowed ? "ALLOW" : "another verdict"));
        }
    }

    /** A decision. */
    @Benchmark
    public Decision decide() {
        return approvals.decide(action, context);
    }

    /** The reference: the JSON of the same action becomes a tree. */
    @Benchmark
    public Map<String, @Nullable Object> json() {
        return JsonText.readObject(json);
    }

    private static Context context() {
        return Context.builder("/srv/app", Instant.parse("2026-11-29T00:00:00Z"))
                .requester("agent:builder")
                .build();
    }

    private String text() {
        String command = "grep -rn --include='*.java' 'a text' src/main/java | sort -u > target/found.txt";
        String many = repeated(command, " && ", TWO_KILOBYTES - 20);
        return switch (text) {
            case "short" -> command;
            case "clear" -> many;
            case "unclear" -> many + " && echo $(date)";
            case "unknown" -> "unknown" + repeated(" src/main/java/A.java", "", TWO_KILOBYTES);
            default -> random();
        };
    }

    private static String repeated(String piece, String between, int characters) {
        StringBuilder all = new StringBuilder(piece);
        while (all.length() + between.length() + piece.length() < characters) {
            all.append(between).append(piece);
        }
        return all.toString();
    }

    private static String random() {
        String alphabet = "abcdefgh ./-'\"$;&|<>\n";
        Random random = new Random(1);
        StringBuilder all = new StringBuilder();
        for (int index = 0; index < MEGABYTE; index++) {
            all.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return all.toString();
    }

    private static ApprovalPolicy policy(int size) {
        List<ApprovalRule> rules = new ArrayList<>();
        rules.add(rule("read", Verdict.ALLOW, new RuleTarget.Paths(false, List.of("**"))));
        rules.add(rule("write", Verdict.ALLOW, new RuleTarget.Paths(true, List.of("target/**"))));
        List<OperandKind> operands = List.of(OperandKind.TEXT, OperandKind.PATH_READ);
        rules.add(rule("grep", Verdict.ALLOW, allow("grep", List.of("-n", "-r", "--include TEXT"), operands)));
        rules.add(rule("sort", Verdict.ALLOW, allow("sort", List.of("-u"), List.of(OperandKind.PATH_READ))));
        for (int index = 0; rules.size() < size; index++) {
            rules.add(
                    switch (index % 3) {
                        case 0 ->
                            rule(
                                    "a" + index,
                                    Verdict.ALLOW,
                                    allow("grep", List.of("-" + (char) ('a' + index % 26)), operands));
                        case 1 -> rule("b" + index, Verdict.ASK, other("grep", "--ask-" + index));
                        default -> rule("c" + index, Verdict.DENY, other("tool" + index, "--deny-" + index));
                    });
        }
        return ApprovalPolicy.of("/srv/app", "/home/agent", rules);
    }

    private static ApprovalRule rule(String id, Verdict verdict, RuleTarget target) {
        return new ApprovalRule(id, verdict, target, RuleScope.everywhere(), "", ApprovalRule.Examples.none());
    }

    private static RuleTarget allow(String program, List<String> options, List<OperandKind> operands) {
        return new RuleTarget.Command(
                List.of(List.of(program)),
                false,
                options.stream().map(OptionPattern::parse).toList(),
                operands,
                RuleTarget.Command.USUAL_MOST,
                Optional.empty(),
                List.of());
    }

    private static RuleTarget other(String program, String option) {
        return new RuleTarget.Command(
                List.of(List.of(program)), false, List.of(), List.of(), 0, Optional.empty(), List.of(option));
    }
}
