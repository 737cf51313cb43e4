package dev.architect.planner.approval;

import dev.architect.planner.approval.path.ResolvedPath;
import dev.architect.planner.approval.path.WebAddress;
import dev.architect.planner.approval.shell.ShellAssignment;
import dev.architect.planner.approval.shell.ShellCharacters;
import dev.architect.planner.approval.shell.ShellCommand;
import dev.architect.planner.approval.shell.ShellJoint;
import dev.architect.planner.approval.shell.ShellRedirection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Judges commands that were understood: their variables, their words, their files, and the folders that they run in. Immutable. */
final class CommandJudge {

    private static final String NULL_DEVICE = "/dev/null";

    /** Builtins that evaluate what they are given, or change how what follows is read; quotes are no help against them. */
    private static final Set<String> EVALUATING = Set.of(
            "eval",
            "exec",
            "source",
            ".",
            "trap",
            "[[",
            "read",
            "let",
            "declare",
            "typeset",
            "local",
            "export",
            "readonly",
            "mapfile",
            "readarray",
            "alias",
            "unalias",
            "hash",
            "enable",
            "set",
            "shopt",
            "unset",
            "builtin",
            "command",
            "getopts",
            "bind",
            "complete",
            "compgen",
            "fc",
            "history",
            "wait",
            "coproc",
            "function");

    /** Builtins that evaluate an array's index in some of their words. */
    private static final Set<String> EVALUATING_INDEX = Set.of("test", "[", "printf");

    /** Values of variables that name no file and no command. */
    private static final Pattern PLAIN_VALUE = Pattern.compile("[A-Za-z0-9_.@+-]*(/[A-Za-z0-9_+-]+)*");

    private record AllowRule(ApprovalRule rule, CommandMatcher matcher) {}

    private final CommandSearch search;
    private final PathJudge paths;
    private final Set<String> variables = new HashSet<>();
    private final List<String> variablePrefixes = new ArrayList<>();
    private final Map<String, List<AllowRule>> allowed = new HashMap<>();
    private final Map<String, List<ApprovalRule>> asked = new HashMap<>();
    private final List<ApprovalRule> fetches = new ArrayList<>();

    CommandJudge(ApprovalPolicy policy, CommandSearch search, PathJudge paths) {
        this.search = search;
        this.paths = paths;
        for (String name : policy.environmentAllowed()) {
            if (name.endsWith("*")) {
                variablePrefixes.add(name.substring(0, name.length() - 1));
            } else {
                variables.add(name);
            }
        }
        for (ApprovalRule rule : policy.rules()) {
            if (rule.target() instanceof RuleTarget.Command command) {
                add(rule, command);
            } else if (rule.target() instanceof RuleTarget.Fetch) {
                fetches.add(rule);
            }
        }
    }

    private void add(ApprovalRule rule, RuleTarget.Command command) {
        for (String program : command.run().get(0)) {
            switch (rule.verdict()) {
                case ALLOW ->
                    allowed.computeIfAbsent(program, any -> new ArrayList<>(1))
                            .add(new AllowRule(rule, new CommandMatcher(command)));
                case ASK ->
                    asked.computeIfAbsent(program, any -> new ArrayList<>(1)).add(rule);
                case DENY -> {
                    // Found by the search, wherever it stands.
                }
            }
        }
    }

    Session session(Context context, PathJudge.View view) {
        return new Session(context, view);
    }

    /** The judgement of one action. Used by one thread. */
    final class Session {

        private final Context context;
        private final PathJudge.View view;
        private final Suspicion suspicion;
        private final Set<String> folders = new LinkedHashSet<>();
        private boolean isFolderCertain = true;
        private boolean hasMoved;

        private Session(Context context, PathJudge.View view) {
            this.context = context;
            this.view = view;
            suspicion = new Suspicion(search, paths, view, this::isInForce);
            folders.add(context.folder());
        }

        private boolean isInForce(ApprovalRule rule) {
            return rule.scope().covers(context);
        }

        private List<String> folders() {
            return List.copyOf(folders);
        }

        void suspect(String text, Findings into) {
            environment(text, into);
            suspicion.ofText(text, folders(), into);
        }

        void exec(List<String> argv, Findings into) {
            String part = String.join(" ", argv);
            environment(part, into);
            folder(part, into);
            if (argv.isEmpty()) {
                into.ask(part, "there is no command");
            } else {
                command(argv, part, into);
            }
        }

        void commands(List<ShellCommand> commands, Findings into) {
            environment(commands.get(0).text(), into);
            folder(commands.get(0).text(), into);
            for (int index = 0; index < commands.size(); index++) {
                ShellCommand command = commands.get(index);
                Optional<ShellJoint> next = index + 1 < commands.size()
                        ? Optional.of(commands.get(index + 1).joint())
                        : Optional.empty();
                arrive(command, into);
                for (ShellAssignment assignment : command.assignments()) {
                    variable(assignment.name(), assignment.value(), command.text(), into);
                }
                for (ShellRedirection redirection : command.redirections()) {
                    redirection(redirection, command.text(), into);
                }
                command(command.words(), command.text(), into);
                if (command.words().get(0).equals("cd")) {
                    move(command, next);
                }
            }
        }

        /** After a semicolon or an "or", a command before may have moved or not. */
        private void arrive(ShellCommand command, Findings into) {
            if (hasMoved && (command.joint() == ShellJoint.OR || command.joint() == ShellJoint.SEQUENCE)) {
                isFolderCertain = false;
            }
            if (!isFolderCertain) {
                into.ask(command.text(), "the folder is uncertain after cd");
            }
        }

        private void move(ShellCommand command, Optional<ShellJoint> next) {
            hasMoved = true;
            String target = folderOf(command.words());
            boolean isLiteral = !target.isEmpty();
            boolean isAlone = command.joint() != ShellJoint.PIPE && !next.equals(Optional.of(ShellJoint.PIPE));
            Set<String> reached = new LinkedHashSet<>();
            boolean isClear = isLiteral
                    && isAlone
                    && isFolderCertain
                    && command.joint() != ShellJoint.OR
                    && next.map(joint -> joint == ShellJoint.AND).orElse(true);
            for (String folder : folders) {
                ResolvedPath resolved = view.resolve(folder, isLiteral ? target : paths.home());
                isClear &= resolved.isUnambiguous() && resolved.refused().isEmpty();
                reached.add(ResolvedPath.text(resolved.physical()));
                reached.add(ResolvedPath.text(resolved.lexical()));
            }
            if (isClear) {
                folders.clear();
            }
            isFolderCertain = isClear;
            // A text of fifty commands has at most a few; more than that is asked in any case.
            if (folders.size() < 16) {
                folders.addAll(reached);
            }
        }

        /** Returns the folder that {@code cd} names, empty when it is not a plain one. */
        private String folderOf(List<String> words) {
            int at = words.size() > 1 && words.get(1).equals("--") ? 2 : 1;
            String target = words.size() == at + 1 ? words.get(at) : "";
            return target.startsWith("-") || target.startsWith("~") ? "" : target;
        }

        private void folder(String part, Findings into) {
            Findings found = new Findings();
            view.judge(context.folder(), false, List.of("/"), part, found);
            if (found.verdict() != Verdict.ALLOW) {
                into.ask(part, "runs in " + context.folder() + ", which no rule allows to read");
            }
        }

        private void environment(String part, Findings into) {
            context.environment().forEach((name, value) -> variable(name, value, part, into));
        }

        private void variable(String name, String value, String part, Findings into) {
            boolean isListed =
                    variables.contains(name) || variablePrefixes.stream().anyMatch(name::startsWith);
            if (!isListed) {
                into.ask(part, "sets the variable " + name + ", which is not listed");
            } else if (!PLAIN_VALUE.matcher(value).matches()) {
                into.ask(part, "sets the variable " + name + " to something other than a plain word");
            }
            suspicion.ofText(value, folders(), into);
        }

        private void redirection(ShellRedirection redirection, String part, Findings into) {
            if (!redirection.target().equals(NULL_DEVICE)) {
                path(redirection.target(), redirection.isWrite(), part, into);
            }
        }

        private void command(List<String> argv, String part, Findings into) {
            Optional<List<String>> named = named(argv);
            if (named.isEmpty() || isEvaluating(named.get())) {
                into.ask(
                        part,
                        named.isEmpty()
                                ? argv.get(0) + " is no program's bare name"
                                : argv.get(0) + " evaluates its words");
                suspicion.ofWords(argv, folders(), part, into);
                return;
            }
            List<String> words = named.get();
            for (ApprovalRule rule : asked.getOrDefault(words.get(0), List.of())) {
                if (isInForce(rule) && CommandSearch.matchesAt((RuleTarget.Command) rule.target(), words, 0)) {
                    into.add(Verdict.ASK, rule.id(), part, "a rule asks for it");
                }
            }
            if (words.get(0).equals("cd") && folderOf(words).isEmpty()) {
                into.ask(part, "cd without a plain folder");
            }
            Findings best = null;
            for (AllowRule rule : allowed.getOrDefault(words.get(0), List.of())) {
                List<CommandMatcher.Operand> operands =
                        isInForce(rule.rule()) ? rule.matcher().match(words) : null;
                if (operands == null) {
                    continue;
                }
                Findings found = operands(operands, part);
                if (found.verdict() == Verdict.ALLOW) {
                    allowed(rule.rule(), words, operands, part, found, into);
                    return;
                }
                best = best == null
                                || found.verdict().ordinal() < best.verdict().ordinal()
                        ? found
                        : best;
            }
            if (best == null) {
                into.ask(part, "no rule allows it");
            } else {
                into.addAll(best);
            }
            suspicion.ofWords(words, folders(), part, into);
        }

        /** Returns the words with the program by its bare name; empty when it is not one that rules can name. */
        private Optional<List<String>> named(List<String> argv) {
            String program = argv.get(0);
            if (program.isEmpty() || !ShellCharacters.isAscii(program)) {
                return Optional.empty();
            }
            for (String word : argv) {
                if (ShellCharacters.firstRefused(word).isPresent()) {
                    return Optional.empty();
                }
            }
            if (program.indexOf('/') < 0) {
                return Optional.of(argv);
            }
            if (!context.trustedPrograms().contains(program)) {
                return Optional.empty();
            }
            List<String> named = new ArrayList<>(argv);
            named.set(0, program.substring(program.lastIndexOf('/') + 1));
            return named.get(0).isEmpty() ? Optional.empty() : Optional.of(named);
        }

        private boolean isEvaluating(List<String> words) {
            String program = words.get(0);
            return EVALUATING.contains(program)
                    || (EVALUATING_INDEX.contains(program)
                            && words.stream().skip(1).anyMatch(this::mayBeIndex));
        }

        private boolean mayBeIndex(String word) {
            return word.startsWith("-v") || word.startsWith("-R") || word.indexOf('[') >= 0;
        }

        private void allowed(
                ApprovalRule rule,
                List<String> words,
                List<CommandMatcher.Operand> operands,
                String part,
                Findings found,
                Findings into) {
            into.add(Verdict.ALLOW, rule.id(), part, "a rule allows it");
            into.addAll(found);
            if (((RuleTarget.Command) rule.target()).isExact()) {
                into.change();
                return;
            }
            Set<Integer> free = new HashSet<>();
            for (CommandMatcher.Operand operand : operands) {
                if (operand.kind() == OperandKind.TEXT
                        || (operand.kind().isPath() && operand.word().indexOf('/') >= 0)) {
                    free.add(operand.index());
                }
            }
            ApprovalRule denied = search.find(words, this::isInForce, free::contains);
            if (denied != null) {
                into.add(Verdict.DENY, denied.id(), part, "holds a command that is denied");
            }
        }

        private Findings operands(List<CommandMatcher.Operand> operands, String part) {
            Findings found = new Findings();
            for (CommandMatcher.Operand operand : operands) {
                switch (operand.kind()) {
                    case TEXT, NUMBER -> {
                        // Nothing is done with it.
                    }
                    case REF -> view.judgeReference(operand.word(), folders(), part, found);
                    case PATH_READ -> path(operand.word(), false, part, found);
                    case PATH_WRITE -> path(operand.word(), true, part, found);
                    case URL -> {
                        found.change();
                        fetch(operand.word(), "GET", part, found);
                    }
                    case PATTERN -> fileNames(operand.word(), part, found);
                }
            }
            return found;
        }

        private void path(String word, boolean isWrite, String part, Findings into) {
            if (word.startsWith("~") || word.startsWith(":") || isGlob(word)) {
                into.ask(part, "a path that the program may read as several: " + word);
            }
            view.judge(word, isWrite, folders(), part, into);
        }

        private boolean isGlob(String word) {
            return word.indexOf('*') >= 0 || word.indexOf('?') >= 0 || word.indexOf('[') >= 0;
        }

        /** A pattern that chooses the files that are read. */
        private void fileNames(String pattern, String part, Findings into) {
            boolean isAny = pattern.chars().allMatch(c -> c == '*' || c == '?' || c == '.');
            ResolvedPath resolved = view.resolve(context.folder(), pattern.isEmpty() ? "." : pattern);
            if (isAny || view.denial(resolved, false, true) != null) {
                into.ask(part, "a pattern that may choose secret files: " + pattern);
            }
        }

        private boolean isOf(WebAddress address, RuleTarget.Fetch target) {
            return address.scheme().equals(target.scheme())
                    && address.host().equals(target.host())
                    && address.port() == target.port();
        }

        void fetch(String url, String method, String part, Findings into) {
            Optional<WebAddress> address = WebAddress.parse(url);
            if (address.isEmpty()) {
                into.ask(part, "an address that clients may read in different ways");
                return;
            }
            boolean isMatched = false;
            for (ApprovalRule rule : fetches) {
                RuleTarget.Fetch target = (RuleTarget.Fetch) rule.target();
                if (isInForce(rule) && isOf(address.get(), target) && method.equals(target.method())) {
                    into.add(
                            rule.verdict(),
                            rule.id(),
                            part,
                            method + " " + address.get().host());
                    isMatched = true;
                }
            }
            if (!isMatched) {
                into.ask(
                        part,
                        "no rule is about " + method + " of " + address.get().host());
            }
        }
    }
}
