package dev.architect.examples.springboot;

import dev.architect.spring.boot.TransactionalTasks;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Takes orders. An order and the task that writes its invoice exist together, or neither does. */
@Service
class OrderService {

    private final JdbcTemplate jdbc;
    private final TransactionalTasks tasks;

    OrderService(JdbcTemplate jdbc, TransactionalTasks tasks) {
        this.jdbc = jdbc;
        this.tasks = tasks;
    }

    /**
     * Takes an order and returns the task that writes its invoice.
     *
     * @throws OutOfStockException when there is not enough; nothing is stored
     */
    @Transactional
    public TaskId place(String item, int amount) {
        Integer order = jdbc.queryForObject(
                "INSERT INTO orders (item, amount) VALUES (?, ?) RETURNING id", Integer.class, item, amount);
        TaskId invoice =
                tasks.submit(TaskRequest.of("invoice", String.valueOf(order))).id();
        if (jdbc.update("UPDATE stock SET amount = amount - ? WHERE item = ? AND amount >= ?", amount, item, amount)
                == 0) {
            throw new OutOfStockException(item);
        }
        return invoice;
    }
}
