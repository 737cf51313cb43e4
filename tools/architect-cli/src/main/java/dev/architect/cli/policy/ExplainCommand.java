package dev.architect.cli.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.cli.launch.SetupFactory;
import dev.architect.cli.terminal.Terminal;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.request.RequestScope;
import dev.architect.route.Route;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.Priority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia policy explain}: the route of a request, without a call. */
@Command(
        name = "explain",
        description = {
            "Prints the route that a request would take, and why: its complexity, the rule and the arm of an experiment,",
            "each candidate with what every strategy saw of it, and why each other model is left out. No model is called."
        })
final class ExplainCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "PROMPT", description = "The prompt.")
    @SuppressWarnings("NullAway.Init")
    private String prompt;

    @Option(names = "--system", paramLabel = "TEXT", description = "Instructions that stand above the prompt.")
    private @Nullable String system;

    @Option(names = "--model", paramLabel = "PROVIDER/MODEL", description = "The only model that may answer.")
    private @Nullable String model;

    @Option(
            names = "--quality",
            paramLabel = "LEVEL",
            description = "The least quality: ${COMPLETION-CANDIDATES}; by default what the prompt calls for.")
    private Quality quality = Quality.AUTO;

    @Option(
            names = "--needs",
            split = ",",
            paramLabel = "CAPABILITY",
            description = "What the answering model must be able to do: ${COMPLETION-CANDIDATES}.")
    private List<Capability> needs = List.of();

    @Option(names = "--project", paramLabel = "NAME", description = "The project of the request.")
    private @Nullable String project;

    @Option(names = "--user", paramLabel = "ID", description = "The user of the request.")
    private @Nullable String user;

    @Option(
            names = "--tag",
            paramLabel = "NAME=VALUE",
            description = "A tag of the request; may be given several times.")
    private Map<String, String> tags = Map.of();

    @Option(names = "--priority", paramLabel = "0..9", description = "The priority, 0 for most urgent; 4 by default.")
    private int priority = Priority.NORMAL.level();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Option(names = "--simulate", description = "With all six simulated providers, whatever is configured.")
    private boolean simulate;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, as YAML; by default the file that ARCHITECT_CONFIG names, if any.")
    private @Nullable Path configuration;

    @Option(names = "--policy", paramLabel = "FILE", description = "The routing policy, as YAML.")
    private @Nullable Path policy;

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        ChatRequest request;
        RequestScope scope;
        try {
            request = request();
            scope = scope();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        if (simulate) {
            // Started for its address alone: a provider without one does not take part.
            try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard())) {
                explain(request, scope, SetupFactory.simulated(null, policy, simulator));
            }
        } else {
            explain(
                    request,
                    scope,
                    SetupFactory.fromEnvironment(SetupFactory.configuration(configuration), null, policy));
        }
        return 0;
    }

    private ChatRequest request() {
        return ChatRequest.builder(prompt)
                .system(system)
                .quality(quality)
                .needs(needs.isEmpty() ? EnumSet.noneOf(Capability.class) : EnumSet.copyOf(needs))
                .model(model == null ? null : ModelId.parse(model))
                .build();
    }

    private RequestScope scope() {
        RequestScope scope = RequestScope.create().withPriority(new Priority(priority));
        if (project != null) {
            scope = RequestScope.of(new ProjectId(project)).withPriority(new Priority(priority));
        }
        if (user != null) {
            scope = scope.withUser(user);
        }
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            scope = scope.withTag(tag.getKey(), tag.getValue());
        }
        return scope;
    }

    private void explain(ChatRequest request, RequestScope scope, ArchitectSetup setup) throws JsonProcessingException {
        try (Architect architect = setup.wire(new InMemoryStore(TimeSource.system()))
                .withoutTaskExecution()
                .build()) {
            Route route = architect.route(request, scope);
            terminal.out().println(json ? RouteJson.of(route) : route.explanation());
        }
    }
}
