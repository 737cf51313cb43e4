package dev.architect.spring.boot;

import dev.architect.Tasks;
import dev.architect.spring.boot.ArchitectProperties.Propagation;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import java.util.List;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Submits tasks in the current Spring transaction, for example that of a method with {@code @Transactional}: they exist, and start, when the
 * transaction commits, and never when it rolls back. The transaction must be one of the {@code DataSource} that has the store, by JDBC or
 * by JPA.
 *
 * <p>Without a transaction, tasks are stored at once, unless {@code architect.tasks.propagation} is {@code mandatory}. Methods block for
 * the database. Safe for use by several threads, each in its own transaction.
 */
public final class TransactionalTasks {

    private final Tasks tasks;
    private final HostTransactions transactions;
    private final Propagation propagation;

    TransactionalTasks(Tasks tasks, HostTransactions transactions, Propagation propagation) {
        this.tasks = tasks;
        this.transactions = transactions;
        this.propagation = propagation;
    }

    /** Returns the same, refusing to submit without a transaction. */
    public TransactionalTasks mandatory() {
        return new TransactionalTasks(tasks, transactions, Propagation.MANDATORY);
    }

    /**
     * Submits a task. Its handle finds nothing before the commit.
     *
     * @throws IllegalArgumentException as {@link Tasks#submit}; nothing was stored
     * @throws IllegalTransactionStateException when there is a transaction that tasks cannot join, or there is none and one is mandatory
     * @throws org.springframework.dao.DataAccessException when the database does not take it; the transaction is to be rolled back
     */
    public TaskHandle submit(TaskRequest request) {
        return submitAll(List.of(request)).get(0);
    }

    /** Submits tasks and returns their handles in the same order; otherwise as {@link #submit}. In a transaction, all or none. */
    public List<TaskHandle> submitAll(List<TaskRequest> requests) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            transactions.requireJoinable();
            List<TaskHandle> handles = tasks.submitWith(requests, transactions::insert);
            wakeAfterCommit();
            return handles;
        }
        if (propagation == Propagation.MANDATORY) {
            throw new IllegalTransactionStateException(
                    "tasks were submitted without a transaction, expected one because it is mandatory");
        }
        return tasks.submitAll(requests);
    }

    /** Once for each transaction. */
    private void wakeAfterCommit() {
        if (TransactionSynchronizationManager.isSynchronizationActive()
                && !TransactionSynchronizationManager.hasResource(tasks)) {
            TransactionSynchronizationManager.bindResource(tasks, Boolean.TRUE);
            TransactionSynchronizationManager.registerSynchronization(new WakeUpAfterCommit(tasks));
        }
    }

    /** Noted as a resource of the transaction, so that a suspended one keeps its own note. */
    private record WakeUpAfterCommit(Tasks tasks) implements TransactionSynchronization {

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResourceIfPossible(tasks);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(tasks, Boolean.TRUE);
        }

        @Override
        public void afterCommit() {
            tasks.wake();
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(tasks);
        }
    }
}
