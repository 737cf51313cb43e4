package dev.architect.router.execution;

import dev.architect.router.admission.ProviderThrottle;
import dev.architect.router.budget.BudgetBook;
import dev.architect.router.budget.CostBound;
import dev.architect.router.policy.ThrottleSettings;
import dev.architect.router.quota.QuotaBook;
import dev.architect.task.Priority;

/**
 * What requests take from before they call anything.
 *
 * @param quotas the quotas of the policy
 * @param throttling what low priority leaves to others
 * @param budgets what calls may cost
 * @param bound the most that a call can cost
 */
record AdmissionRules(QuotaBook quotas, ThrottleSettings throttling, BudgetBook budgets, CostBound bound) {

    /** What a request of this priority leaves of a limit to others, in percent. */
    int reservePercent(Priority priority) {
        return throttling.isEnabled() && ProviderThrottle.isLow(priority) ? throttling.reservePercent() : 0;
    }
}
