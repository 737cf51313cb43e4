package dev.architect.planner.approval.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real shell that runs nothing: every program is a function of the same name that writes down its arguments, the PATH leads nowhere, and
 * each text has a folder of its own. Each text is run twice, with functions that all succeed and that all fail, so that what stands
 * behind every operator is seen.
 */
final class ShellOracle {

    private static final List<Integer> STATUSES = List.of(0, 1);

    private static final List<String> VARIABLES = List.of("V1", "V2", "_x9");

    private final String shell;
    private final Path folder;
    private final List<String> functions;

    /** What a shell did with a text: the calls of both runs, in any order within a run, and the files that are there then. */
    record Behaviour(List<List<String>> succeeding, List<List<String>> failing, List<String> files) {}

    private ShellOracle(String shell, Path folder, List<String> functions) {
        this.shell = shell;
        this.folder = folder;
        this.functions = functions;
    }

    static boolean isThere(String shell) {
        return Files.isExecutable(Path.of(shell));
    }

    static ShellOracle bash(Path folder) throws IOException, InterruptedException {
        Path names = Files.createTempFile(folder, "builtins", "");
        int exit = new ProcessBuilder("/bin/bash", "-c", "compgen -b")
                .redirectOutput(names.toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("bash exits with " + exit + ", expected 0");
        }
        List<String> functions = new ArrayList<>(Files.readAllLines(names));
        functions.addAll(ShellTextGenerator.PROGRAMS);
        functions.removeAll(List.of("builtin", "eval", "exit", "command"));
        return new ShellOracle(
                "/bin/bash", folder, functions.stream().distinct().toList());
    }

    static ShellOracle dash(Path folder) {
        return new ShellOracle("/bin/dash", folder, ShellTextGenerator.PROGRAMS);
    }

    private boolean isBash() {
        return shell.endsWith("bash");
    }

    /** Whether the shell may run a text that was read so: its programs are functions here, and its targets are in its folder. */
    boolean takes(List<ShellCommand> commands) {
        return commands.stream()
                .allMatch(command -> isFunction(command.words().get(0))
                        && command.redirections().stream()
                                .map(ShellRedirection::target)
                                .noneMatch(target -> target.indexOf('/') >= 0
                                        || target.matches("\\.{1,2}|\\d+|-")
                                        || target.getBytes(StandardCharsets.UTF_8).length > 200)
                        && command.assignments().stream().allMatch(variable -> VARIABLES.contains(variable.name())));
    }

    private boolean isFunction(String program) {
        // In bash, what is no function and no builtin arrives at command_not_found_handle.
        return functions.contains(program)
                || isBash()
                        && !program.isEmpty()
                        && program.indexOf('/') < 0
                        && !List.of("builtin", "eval", "exit", "command").contains(program);
    }

    /** What the shell must do when the strict reader is right. */
    Behaviour expected(List<ShellCommand> commands) {
        TreeSet<String> files = new TreeSet<>(reads(commands));
        List<List<List<String>>> runs = new ArrayList<>();
        for (int status : STATUSES) {
            List<List<String>> calls = new ArrayList<>();
            int last = 0;
            boolean isRun = true;
            for (ShellCommand command : commands) {
                isRun = switch (command.joint()) {
                    case FIRST, SEQUENCE -> true;
                    case AND -> last == 0;
                    case OR -> last != 0;
                    case PIPE -> isRun;
                };
                if (isRun) {
                    calls.add(call(command));
                    command.redirections().stream()
                            .filter(ShellRedirection::isWrite)
                            .forEach(write -> files.add(write.target()));
                    last = status;
                }
            }
            runs.add(sorted(calls));
        }
        return new Behaviour(runs.get(0), runs.get(1), List.copyOf(files));
    }

    private List<String> call(ShellCommand command) {
        Map<String, String> set = new HashMap<>();
        command.assignments().forEach(variable -> set.put(variable.name(), variable.value()));
        List<String> call = new ArrayList<>();
        if (isBash()) {
            VARIABLES.forEach(name -> call.add(set.getOrDefault(name, "unset")));
        }
        call.addAll(command.words());
        return call;
    }

    private static List<String> reads(List<ShellCommand> commands) {
        return commands.stream()
                .flatMap(command -> command.redirections().stream())
                .filter(redirection -> !redirection.isWrite())
                .map(ShellRedirection::target)
                .toList();
    }

    private static List<List<String>> sorted(List<List<String>> calls) {
        return calls.stream()
                .sorted((a, b) -> String.join("\0", a).compareTo(String.join("\0", b)))
                .toList();
    }

    /** Lets the shell read the texts. Those of one call share a process. */
    List<Behaviour> run(List<String> texts, List<List<ShellCommand>> read) throws IOException, InterruptedException {
        Path batch = Files.createTempDirectory(folder, "batch");
        Path results = batch.resolve("results");
        StringBuilder script = new StringBuilder("exec 9>>'" + results + "'\n");
        stubs(script);
        for (int index = 0; index < texts.size(); index++) {
            Path own = Files.createDirectory(batch.resolve("t" + index));
            for (String file : reads(read.get(index))) {
                Path target = own.resolve(file);
                if (!Files.exists(target)) {
                    Files.createFile(target);
                }
            }
            script.append("command cd '").append(own).append("'\n");
            for (int status : STATUSES) {
                script.append("__status=").append(status).append("; command printf 'T\\0' >&9\n");
                script.append(isBash() ? "eval -- '" : "eval '")
                        .append(texts.get(index).replace("'", "'\\''"))
                        .append("'\n");
            }
        }
        script.append("command printf 'E\\0' >&9\n");
        Path file = Files.writeString(batch.resolve("script"), script);
        execute(file, batch.resolve("messages"));
        return behaviours(results, batch, texts.size());
    }

    private void stubs(StringBuilder script) {
        // Bash writes a line at a time, and the stages of a pipeline would mix: newlines are passed as another
        // character.
        String arguments = isBash() ? "\"${@//$'\\n'/$'\\x01'}\"" : "\"$@\"";
        String variables = isBash() ? "\"${V1-unset}\" \"${V2-unset}\" \"${_x9-unset}\" " : "";
        if (isBash()) {
            script.append("__call() { __write ").append(variables).append("\"$@\"; builtin return $__status; }\n");
        }
        script.append(isBash() ? "__write" : "__call")
                .append("() { command printf '%s\\0' \"$#\" ")
                .append(arguments)
                .append(" >&9; ")
                .append(isBash() ? "builtin " : "")
                .append("return $__status; }\n");
        if (isBash()) {
            script.append("command_not_found_handle() { __call \"$@\"; }\n");
        }
        for (String function : functions) {
            if (isBash()) {
                script.append("function ")
                        .append(function)
                        .append(" { __call '")
                        .append(function)
                        .append("' \"$@\"; }\n");
            } else {
                script.append(function).append("() { __call '").append(function).append("' \"$@\"; }\n");
            }
        }
    }

    private void execute(Path script, Path messages) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(shell));
        if (isBash()) {
            command.addAll(List.of("--norc", "--noprofile"));
        }
        command.add(script.toString());
        ProcessBuilder process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        process.environment().clear();
        // An empty PATH would be the folder of the text.
        process.environment().put("PATH", "/no-such-folder");
        process.environment().put("LC_ALL", "C.UTF-8");
        Process running = process.start();
        if (!running.waitFor(5, TimeUnit.MINUTES)) {
            running.destroyForcibly();
            throw new IOException(shell + " has not ended after 5 minutes, see " + messages);
        }
    }

    private static List<Behaviour> behaviours(Path results, Path batch, int texts) throws IOException {
        String all = Files.readString(results).replace('\1', '\n');
        List<List<List<String>>> runs = new ArrayList<>();
        int at = 0;
        while (at < all.length()) {
            int end = all.indexOf('\0', at);
            String token = all.substring(at, end);
            at = end + 1;
            if (token.equals("T")) {
                runs.add(new ArrayList<>());
            } else if (!token.equals("E")) {
                List<String> call = new ArrayList<>();
                for (int left = Integer.parseInt(token); left > 0; left--) {
                    end = all.indexOf('\0', at);
                    call.add(all.substring(at, end));
                    at = end + 1;
                }
                runs.get(runs.size() - 1).add(call);
            }
        }
        List<Behaviour> behaviours = new ArrayList<>();
        for (int index = 0; index < texts; index++) {
            List<List<String>> none = List.of(List.of("the shell ended before this text"));
            int run = index * STATUSES.size();
            behaviours.add(new Behaviour(
                    run < runs.size() ? sorted(runs.get(run)) : none,
                    run + 1 < runs.size() ? sorted(runs.get(run + 1)) : none,
                    files(batch.resolve("t" + index))));
        }
        return behaviours;
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
