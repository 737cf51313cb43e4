package dev.architect.cost;

import dev.architect.check.Check;

/** What the calls of a report are grouped by. */
public enum SpendDimension {
    /** The name of the provider that was called. */
    PROVIDER,
    /** The model that answered, or was called when none did, as {@code provider/model}. */
    MODEL,
    /** The project. */
    PROJECT,
    /** The host's user; empty for calls without one. */
    USER,
    /** How hard the request was thought to be. */
    COMPLEXITY,
    /** How the call ended, by the name of its {@link CallOutcome}. */
    OUTCOME,
    /** How its cost is known, by the name of its {@link CostStatus}. */
    COST_STATUS,
    /** The service tier that served the call, {@code standard} unless the provider named another. */
    SERVICE_TIER,
    /** Where the call was served; empty for calls of which the provider did not report it. */
    REGION,
    /** The type of the task whose attempt made the call; empty for direct requests, and for calls that were recorded before types were kept. */
    TASK_TYPE,
    /** The API key, by the name of the agent's token; empty for calls that no agent's request has led to. */
    KEY;

    /** How it is named in filters: {@code provider}, for example, or {@code costStatus}. */
    public String filterName() {
        return switch (this) {
            case PROVIDER -> "provider";
            case MODEL -> "model";
            case PROJECT -> "project";
            case USER -> "user";
            case COMPLEXITY -> "complexity";
            case OUTCOME -> "outcome";
            case COST_STATUS -> "costStatus";
            case SERVICE_TIER -> "serviceTier";
            case REGION -> "region";
            case TASK_TYPE -> "taskType";
            case KEY -> "key";
        };
    }

    /** Whether its values are names of constants, which are words in filters and reports. */
    public boolean isOfConstants() {
        return switch (this) {
            case PROVIDER, MODEL, PROJECT, USER, SERVICE_TIER, REGION, TASK_TYPE, KEY -> false;
            case COMPLEXITY, OUTCOME, COST_STATUS -> true;
        };
    }

    /** Returns the value that a call has in this dimension. */
    public String of(LedgerEntry call) {
        Check.notNull("call", call);
        return switch (this) {
            case PROVIDER -> call.route().requested().provider();
            case MODEL ->
                call.route().answered().provider() + "/"
                        + call.route().answered().model();
            case PROJECT -> call.origin().attribution().project().name();
            case USER -> call.origin().attribution().user().orElse("");
            case COMPLEXITY -> call.route().complexity().name();
            case OUTCOME -> call.outcome().name();
            case COST_STATUS -> call.charge().cost().status().name();
            case SERVICE_TIER -> call.route().serviceTier();
            case REGION -> call.route().region();
            case TASK_TYPE -> call.origin().taskType().orElse("");
            case KEY -> call.origin().attribution().key().orElse("");
        };
    }
}
