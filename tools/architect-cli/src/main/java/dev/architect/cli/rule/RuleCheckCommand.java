package dev.architect.cli.rule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.VisibleText;
import dev.architect.json.JsonFields;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.approval.sample.ApprovalCase;
import dev.architect.planner.approval.sample.ApprovalCaseReader;
import dev.architect.spi.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia rule check}: what rules decide about a command, or about a file of cases. Nothing is run. */
@Command(
        name = "check",
        description = {
            "Prints what the rules decide about a command, by which rule, and about which part of it. The command is never run.",
            "The exit code is 0 for allow, 3 for ask and 4 for deny.",
            "",
            "With --cases, prints one decision as JSON for each line of a file of cases, and exits with 0."
        })
final class RuleCheckCommand implements Callable<Integer> {

    private static final int ASK = 3;
    private static final int DENY = 4;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "WORD",
            arity = "0..*",
            description = "The program and its arguments, behind --; they are taken as they are, as without a shell.")
    private List<String> words = List.of();

    @Option(names = "--shell", paramLabel = "TEXT", description = "A text for a shell, in place of a program's words.")
    private @Nullable String shell;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description =
                    "The rules, as JSON; without it the current directory may be read and nothing else is allowed.")
    private @Nullable Path policy;

    @Option(names = "--cases", paramLabel = "FILE", description = "A file of cases, a line of JSON each.")
    private @Nullable Path cases;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    RuleCheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        int given = (words.isEmpty() ? 0 : 1) + (shell == null ? 0 : 1) + (cases == null ? 0 : 1);
        if (given != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    given == 0
                            ? "what to check is missing, expected -- and a command, --shell or --cases"
                            : "there is more than one thing to check, expected a command, --shell or --cases");
        }
        String folder = Path.of("").toAbsolutePath().toString();
        ApprovalPolicy rules = policy == null
                ? ApprovalPolicy.standard(folder, System.getProperty("user.home", "/"))
                : ApprovalPolicy.load(policy);
        Approvals approvals = Approvals.of(rules);
        return cases == null ? one(approvals, folder) : all(approvals, cases);
    }

    private int one(Approvals approvals, String folder) throws JsonProcessingException {
        // A policy names its own workspace, in which the command would start.
        Context context = Context.builder(
                        policy == null ? folder : approvals.policy().workspace(),
                        TimeSource.system().wallTime())
                .links(LinkReader.ofFileSystem())
                .build();
        Action action = shell == null ? new Action.Exec(words) : new Action.Shell(shell);
        Decision decision = approvals.decide(action, context);
        if (json) {
            terminal.out().println(JSON.writeValueAsString(json(decision)));
        } else {
            terminal.out().println(word(decision.verdict()));
            terminal.out()
                    .println("rule: " + (decision.rules().isEmpty() ? "none" : String.join(", ", decision.rules())));
            terminal.out().println("part: " + VisibleText.of(decision.part()));
            terminal.out().println("why:  " + VisibleText.of(decision.reason()));
        }
        return switch (decision.verdict()) {
            case ALLOW -> 0;
            case ASK -> ASK;
            case DENY -> DENY;
        };
    }

    private int all(Approvals approvals, Path file) throws IOException {
        ApprovalCaseReader reader =
                new ApprovalCaseReader(approvals.policy(), TimeSource.system().wallTime());
        boolean isReadable = Files.isReadable(file) && Files.isRegularFile(file);
        if (!isReadable) {
            throw new CommandFailure(file + " cannot be read, expected a file of cases");
        }
        int number = 0;
        int broken = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                try {
                    Optional<ApprovalCase> one = reader.readIfAny(line);
                    if (one.isPresent()) {
                        ObjectNode decided =
                                JSON.createObjectNode().put("id", one.get().id());
                        decided.setAll(json(one.get().decide(approvals)));
                        terminal.out().println(JSON.writeValueAsString(decided));
                    }
                } catch (IllegalArgumentException wrong) {
                    broken++;
                    terminal.err().println("gaia: " + file + ":" + number + ": " + wrong.getMessage());
                    ObjectNode undecided = JSON.createObjectNode().put("id", "line " + number);
                    undecided.setAll(json(new Decision(Verdict.ASK, List.of(), "", "the case cannot be read")));
                    terminal.out().println(JSON.writeValueAsString(undecided));
                }
            }
        }
        return broken == 0 ? 0 : 1;
    }

    private static ObjectNode json(Decision decision) {
        ObjectNode json = JSON.createObjectNode()
                .put("decision", word(decision.verdict()))
                .put(
                        "rule",
                        decision.rules().isEmpty() ? null : decision.rules().get(0));
        decision.rules().forEach(json.putArray("rules")::add);
        return json.put("part", decision.part()).put("reason", decision.reason());
    }

    private static String word(Verdict verdict) {
        return JsonFields.wordOf(verdict);
    }
}
