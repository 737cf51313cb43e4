package dev.architect;

import dev.architect.access.AgentToken;
import dev.architect.access.Passkey;
import dev.architect.access.Pbkdf2PasswordHasher;
import dev.architect.access.SecondFactor;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.FencingToken;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetAccount;
import dev.architect.budget.BudgetCrossing;
import dev.architect.budget.BudgetExceededException;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.budget.BudgetState;
import dev.architect.chat.AcceptedAnswers;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.ModelSelection;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.ToolChoice;
import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.PromptTier;
import dev.architect.cost.ReportPeriod;
import dev.architect.creation.CreatedAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.embedding.EmbeddingRequest;
import dev.architect.export.ExportSubject;
import dev.architect.filter.Filter;
import dev.architect.filter.FilterField;
import dev.architect.filter.FilterFields;
import dev.architect.filter.FilterTerm;
import dev.architect.filter.FilterValue;
import dev.architect.graph.TaskGraph;
import dev.architect.job.BulkJobRequest;
import dev.architect.json.JsonFields;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.Rerating;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.Revision;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.rule.BulkEdit;
import dev.architect.project.rule.Projects;
import dev.architect.project.store.PartRow;
import dev.architect.project.store.SubjectKind;
import dev.architect.project.transfer.SourceFile;
import dev.architect.recurring.CatchUp;
import dev.architect.recurring.CronExpression;
import dev.architect.recurring.Recurrence;
import dev.architect.request.Cancellation;
import dev.architect.request.ProviderWait;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewedAction;
import dev.architect.route.Classification;
import dev.architect.route.Exclusion;
import dev.architect.route.Route;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.CapabilityGuard;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.Router;
import dev.architect.spi.Store;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.view.PageView;
import dev.architect.view.PageViewDraft;
import java.lang.reflect.Array;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Valid values of the core's types: some are written down here, records are made of their components, interfaces of proxies. */
final class SampleValues implements AutoCloseable {

    /** A text that is a name, a word, a number and JSON. */
    private static final String TEXT = "7";

    private static final TaskId TASK = new TaskId(7);

    private final Map<Class<?>, Object> known = new HashMap<>();
    private final Architect architect;

    SampleValues() {
        put(String.class, TEXT);
        put(CharSequence.class, TEXT);
        put(Object.class, TEXT);
        put(Number.class, 7);
        put(Integer.class, 7);
        put(Long.class, 7L);
        put(Double.class, 1.0);
        put(BigDecimal.class, BigDecimal.ONE);
        put(BigInteger.class, BigInteger.ONE);
        put(Duration.class, Duration.ofSeconds(70));
        put(Instant.class, Instant.EPOCH);
        put(LocalDate.class, LocalDate.EPOCH);
        put(URI.class, URI.create("https://example.org/7"));
        put(Throwable.class, new IllegalStateException(TEXT));
        put(Class.class, Capability.class);
        put(Enum.class, Capability.TOOLS);
        put(
                TaskGraph.class,
                TaskGraph.builder().task(TEXT, TaskRequest.prompt(TEXT)).build());
        put(TaskGraph.Builder.class, TaskGraph.builder());
        put(Rerating.class, Rerating.by(new PriceCatalogue(TEXT, List.of())));
        ReviewedAction action = ReviewedAction.of("{}");
        put(ReviewedAction.class, action);
        put(
                ReviewRequest.Builder.class,
                ReviewRequest.builder(ReviewKind.COMMAND, TEXT, action, ReviewRequester.named(TEXT)));
        put(Optional.class, Optional.empty());
        put(OptionalInt.class, OptionalInt.empty());
        put(OptionalDouble.class, OptionalDouble.empty());
        put(OptionalLong.class, OptionalLong.empty());
        put(SourceFile.Bytes.class, new SourceFile.Bytes(new byte[] {7}));
        put(Set.class, Set.of());
        put(List.class, List.of());
        put(Collection.class, List.of());
        put(Map.class, Map.of());
        put(SortedMap.class, Collections.emptySortedMap());

        Budget budget = new Budget(
                TEXT, new BudgetScope(BudgetScope.Kind.PROJECT, TEXT), BudgetPeriod.DAY, new Money(7), BudgetMode.HARD);
        BudgetState budgetState = new BudgetState(budget, Money.ZERO, Money.ZERO, Instant.EPOCH, Instant.EPOCH);
        put(Budget.class, budget);
        put(BudgetScope.class, budget.scope());
        put(BudgetState.class, budgetState);
        put(BudgetAccount.class, new BudgetAccount(budget, Instant.EPOCH, 0, 0, 0));
        put(BudgetCrossing.class, new BudgetCrossing(budgetState, BudgetCrossing.NEAR));
        put(BudgetExceededException.class, BudgetExceededException.exceeded(budgetState, Money.ZERO));
        AgentToken.Life life = new AgentToken.Life(Instant.EPOCH, Instant.EPOCH.plusSeconds(7), Optional.empty());
        put(AgentToken.Life.class, life);
        put(AgentToken.class, new AgentToken(TEXT, TEXT, TEXT, Set.of("tasks:r"), Set.of(), Optional.empty(), life));
        put(User.class, User.create(TEXT, Set.of(UserRole.ADMIN), TEXT, Instant.EPOCH));
        put(SecondFactor.class, SecondFactor.begin(TEXT, new byte[] {7}, Instant.EPOCH));
        Passkey.Use use = new Passkey.Use(7, false, Optional.empty());
        put(Passkey.Use.class, use);
        put(Passkey.class, new Passkey(TEXT, TEXT, TEXT, TEXT, Set.of(), false, Instant.EPOCH, use));
        put(Pbkdf2PasswordHasher.class, new Pbkdf2PasswordHasher(1_000, bound -> 0));
        put(Part.class, new Part.Text(TEXT));
        put(Media.class, Media.at(URI.create("https://example.org/7")));
        put(Media.Inline.class, new Media.Inline("image/png", "AAAA"));
        put(Message.class, new Message(Role.USER, List.of(new Part.Text(TEXT))));
        put(ChatRequest.class, ChatRequest.of(TEXT));
        put(ChatRequest.Builder.class, ChatRequest.builder(TEXT));
        put(ToolChoice.class, ToolChoice.AUTO);
        put(AcceptedAnswers.class, AcceptedAnswers.DEFAULT);
        put(AnswerVerdict.class, AnswerVerdict.accepted());
        put(Cost.class, Cost.NOT_BILLED);
        put(ExportSubject.class, new ExportSubject.Activities(Set.of()));
        put(ReportPeriod.class, ReportPeriod.today());
        put(TokenUsage.Builder.class, TokenUsage.builder());
        put(JsonFields.class, JsonFields.parse("{}"));
        put(ProviderSettings.class, ProviderSettings.of("sample"));
        put(
                BulkJobRequest.class,
                new BulkJobRequest(TaskAction.CANCEL, Filter.NONE, ZoneOffset.UTC, Optional.empty(), Duration.ZERO));
        put(FilterField.class, FilterField.of("sample", FilterField.Type.TEXT));
        put(FilterFields.class, FilterFields.of(FilterField.of("sample", FilterField.Type.TEXT)));
        put(FilterValue.class, new FilterValue.Exactly(TEXT));
        put(FilterTerm.class, new FilterTerm(1, false, Optional.empty(), List.of(new FilterValue.Exactly(TEXT))));
        put(TaskFilter.class, TaskFilter.of(TaskState.DEAD));
        put(CapabilityGuard.class, new CapabilityGuard("sample"));
        put(Cancellation.class, Cancellation.create());
        put(ProviderWait.class, new ProviderWait());
        put(ThreadRunner.class, new ThreadRunner("sample"));
        put(AnswerAssembler.class, AnswerAssembler.empty(new ModelId("sample", TEXT)));
        put(ProviderAnswer.Builder.class, ProviderAnswer.builder(TEXT, TEXT, StopReason.COMPLETE));
        put(
                ProviderException.Builder.class,
                ProviderException.builder(new ModelId("sample", TEXT), FailureKind.UNAVAILABLE));
        put(
                Exclusion.CapabilityMissing.class,
                new Exclusion.CapabilityMissing(new ModelId("sample", TEXT), EnumSet.of(Capability.TOOLS)));
        put(Exclusion.class, new Exclusion.Disabled(new ModelId("sample", TEXT)));
        put(CreatedAnswer.class, new CreatedAnswer(201, Map.of(TEXT, TEXT), TEXT));
        put(
                EmbeddingRequest.class,
                new EmbeddingRequest(
                        ModelId.parse("claude/claude-sonnet"),
                        ModelSelection.Provider.NAMED,
                        List.of(TEXT),
                        Optional.empty(),
                        Optional.empty()));
        put(EmbeddingCall.class, new EmbeddingCall(TEXT, List.of(TEXT), Optional.empty(), Duration.ofSeconds(7)));
        put(
                TaskResult.class,
                new TaskResult(TASK, TaskState.CANCELLED, Optional.empty(), Optional.empty(), Optional.empty()));
        put(
                AttemptEnd.class,
                new AttemptEnd(
                        new FencingToken(TASK, 7, 7),
                        TEXT,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        AttemptOutcome.SUCCEEDED,
                        TaskState.DONE,
                        Duration.ZERO,
                        AttemptResult.output(TEXT)));
        put(Route.class, new Route(new Classification(Complexity.SIMPLE, 7, List.of()), List.of(), List.of()));
        put(Price.Builder.class, Price.builder(new ModelId("sample", TEXT), TEXT, LocalDate.EPOCH));
        put(ZoneId.class, ZoneOffset.UTC);
        put(CronExpression.class, CronExpression.parse("@daily"));
        put(Recurrence.class, Recurrence.every(Duration.ofSeconds(70)));
        put(CatchUp.class, CatchUp.LAST);
        put(
                Price.class,
                new Price(
                        "sample",
                        TEXT,
                        Price.Match.EXACT,
                        PromptTier.ANY,
                        Price.STANDARD,
                        Map.of(),
                        Instant.EPOCH,
                        null,
                        TEXT,
                        LocalDate.EPOCH));

        ArchitectBuilder builder = Architect.builder()
                .store((Store) of(Store.class))
                .router((providers, time) -> (Router) of(Router.class))
                .withoutTaskExecution();
        architect = builder.build();
        put(ArchitectBuilder.class, builder);
        put(Architect.class, architect);
        put(Tasks.class, architect.tasks());
        put(Ledger.class, architect.ledger());
        put(ActivityLog.class, architect.activity());
        put(Providers.class, architect.providers());
        put(Records.class, architect.records());
        put(Sessions.class, architect.sessions());
        put(Schedules.class, architect.schedules());
        putProjects();
    }

    private void putProjects() {
        Revision revision = Revision.first(Instant.EPOCH, Actor.ENGINE);
        put(Projects.class, architect.projects());
        put(
                Project.class,
                new Project(
                        ProjectId.DEFAULT,
                        "WEB",
                        ProjectDraft.of(TEXT),
                        ProjectState.ACTIVE,
                        Optional.empty(),
                        revision,
                        Optional.empty()));
        put(LabelDraft.class, LabelDraft.of(TEXT));
        put(ItemKey.class, new ItemKey("WEB", 7));
        put(
                Attachment.class,
                new Attachment(
                        new PartId(7),
                        ProjectId.DEFAULT,
                        new ItemId(7),
                        TEXT,
                        "text/plain",
                        7,
                        TEXT.repeat(64),
                        revision));
        put(PartRow.class, new PartRow(SubjectKind.LABEL, 7, ProjectId.DEFAULT, 0, 7, "{}"));
        put(PageView.class, new PageView(TEXT, "tasks", new PageViewDraft(TEXT, TEXT, true), revision));
        put(BulkEdit.class, BulkEdit.of(Map.of(new ItemId(7), 7L), draft -> draft));
    }

    private <T> void put(Class<? super T> type, T value) {
        known.put(type, value);
    }

    /** Returns arguments that {@code entry} accepts together. */
    Object[] argumentsOf(Executable entry) throws ReflectiveOperationException {
        Class<?> owner = entry.getDeclaringClass();
        Class<?>[] types = entry.getParameterTypes();
        Object[] arguments = new Object[types.length];
        boolean ofComponents = owner.isRecord() && known.containsKey(owner) && isCanonical(entry);
        for (int i = 0; i < types.length; i++) {
            arguments[i] =
                    ofComponents ? owner.getRecordComponents()[i].getAccessor().invoke(known.get(owner)) : of(types[i]);
        }
        return arguments;
    }

    private static boolean isCanonical(Executable entry) {
        RecordComponent[] components = entry.getDeclaringClass().getRecordComponents();
        return entry.getName().equals(entry.getDeclaringClass().getName())
                && components.length == entry.getParameterCount();
    }

    /** Returns a value of {@code type}. */
    Object of(Class<?> type) {
        Object value = known.get(type);
        if (value == null) {
            value = make(type);
            known.put(type, value);
        }
        return value;
    }

    private Object make(Class<?> type) {
        if (type.isPrimitive()) {
            return primitive(type);
        }
        if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), 1);
            Array.set(array, 0, of(type.getComponentType()));
            return array;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        if (type.isRecord()) {
            return newRecord(type);
        }
        if (type.isInterface()) {
            return Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        case "toString" -> type.getSimpleName();
                        default -> answer(method.getGenericReturnType());
                    });
        }
        throw new IllegalStateException("there is no sample of " + type + ", expected one in SampleValues");
    }

    private @Nullable Object answer(Type type) {
        if (type == void.class) {
            return null;
        }
        return of((Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type));
    }

    private Object newRecord(Class<?> type) {
        try {
            return type.getConstructors()[0].newInstance(argumentsOf(type.getConstructors()[0]));
        } catch (InvocationTargetException refused) {
            throw new IllegalStateException("sample of " + type + " is refused", refused.getCause());
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("there is no sample of " + type, failure);
        }
    }

    private static Object primitive(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        if (type == long.class) {
            return 7L;
        }
        if (type == float.class) {
            return 1F;
        }
        if (type == byte.class) {
            return (byte) 7;
        }
        return type == double.class ? 1.0 : (Object) 7;
    }

    @Override
    public void close() {
        architect.close();
    }
}
