package dev.architect.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.architect.Architect;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cli.launch.SetupFactory;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.PipedText;
import dev.architect.cli.terminal.StopSignal;
import dev.architect.cli.terminal.Terminal;
import dev.architect.model.ProviderException;
import dev.architect.request.Cancellation;
import dev.architect.request.RequestScope;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Answers one prompt through the router, inside this process. */
final class PromptCommand {

    private static final String FROM_INPUT = "-";

    /** How long the first byte of a piped input may take; what has begun is read to its end. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Terminal terminal;
    private final PromptOptions options;

    PromptCommand(Terminal terminal, PromptOptions options) {
        this.terminal = terminal;
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        ChatRequest request = options.request(prompt());
        if (options.simulate) {
            try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard())) {
                answer(request, SetupFactory.simulated(options.data, options.policy, simulator));
            }
        } else {
            RuntimeConfiguration configuration = SetupFactory.configuration(options.configuration);
            answer(
                    request,
                    SetupFactory.requireUsableProvider(
                            SetupFactory.fromEnvironment(configuration, options.data, options.policy)));
        }
    }

    private String prompt() throws IOException, InterruptedException {
        if (options.prompt.equals(FROM_INPUT)) {
            return notBlank(PipedText.read(terminal.in()));
        }
        String prompt = notBlank(options.prompt);
        if (terminal.inInteractive()) {
            return prompt;
        }
        Optional<String> piped = PipedText.readUnlessSilent(terminal.in(), PATIENCE);
        if (piped.isEmpty() && !options.quiet) {
            terminal.err()
                    .println("gaia: nothing came on the input within " + PATIENCE.toSeconds()
                            + " s, so the prompt goes alone (</dev/null says so at once)");
        }
        return piped.filter(text -> !text.isBlank())
                .map(text -> prompt + "\n\n" + text)
                .orElse(prompt);
    }

    private static String notBlank(String text) {
        if (text.isBlank()) {
            throw new CommandFailure("the prompt is blank, expected text");
        }
        return text;
    }

    private void answer(ChatRequest request, ArchitectSetup setup) throws JsonProcessingException {
        TimeSource time = TimeSource.system();
        Cancellation cancellation = Cancellation.create();
        RequestScope scope = RequestScope.create().withCancellation(cancellation);
        // Opened first and closed last: the process ends only when the cancelled call is in the ledger and the store is
        // closed.
        try (StopSignal stop = StopSignal.listen(cancellation::cancel)) {
            try {
                answer(request, setup, scope, time);
            } catch (ProviderException cancelled) {
                if (!stop.isRequested()) {
                    throw cancelled;
                }
                // The signal ends the process, with 128 and its number as the exit code: 130 after Ctrl-C.
                terminal.err().println("gaia: stopped before the answer was complete");
            }
        }
    }

    private void answer(ChatRequest request, ArchitectSetup setup, RequestScope scope, TimeSource time)
            throws JsonProcessingException {
        // Tasks that wait in the data directory are not for this command to perform.
        try (Architect architect =
                setup.wire(store(setup)).withoutTaskExecution().build()) {
            long start = time.nanoTime();
            StreamPrinter live = new StreamPrinter();
            boolean streams = terminal.outInteractive() && !options.json;
            ChatResponse response = architect.chat(request, scope, streams ? live : null);
            Duration took = Duration.ofNanos(time.nanoTime() - start);
            if (options.json) {
                terminal.out().println(AnswerReport.json(response, took));
            } else if (streams) {
                live.end(response);
            } else {
                terminal.out().println(response.text().stripTrailing());
            }
            if (!options.quiet && !options.json) {
                // Both streams often share one window, and the answer comes before its figures.
                terminal.out().flush();
                AnswerReport.lines(response, took).forEach(terminal.err()::println);
            }
        }
    }

    /** Without {@code --data} nothing is kept, whatever directory the configuration names. */
    private Store store(ArchitectSetup setup) {
        return options.data == null ? new InMemoryStore(TimeSource.system()) : setup.openStore();
    }

    /** Shows the text as it comes; only for a person, because text in a pipe cannot be taken back. */
    private final class StreamPrinter implements ChatListener {

        @Override
        public void onText(String piece) {
            terminal.out().print(piece);
            terminal.out().flush();
        }

        @Override
        public void onRestart() {
            terminal.out().println();
            terminal.err().println("gaia: the answer broke off and begins again:");
        }

        void end(ChatResponse response) {
            if (!response.text().endsWith("\n")) {
                terminal.out().println();
            }
        }
    }
}
