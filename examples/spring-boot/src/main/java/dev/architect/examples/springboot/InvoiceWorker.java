package dev.architect.examples.springboot;

import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.TaskRequest;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Writes invoices. Every bean of this type is found by itself. */
@Component
class InvoiceWorker implements Worker {

    private final JdbcTemplate jdbc;

    InvoiceWorker(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<String> types() {
        return Set.of("invoice");
    }

    @Override
    public void check(TaskRequest request) {
        if (!request.payload().matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("payload is not the number of an order");
        }
    }

    /** A task may run again after a crash, so that writing it twice must be harmless. */
    @Override
    public String perform(TaskContext context) {
        int order = Integer.parseInt(context.request().payload());
        jdbc.update("INSERT INTO invoice (order_id) VALUES (?) ON CONFLICT (order_id) DO NOTHING", order);
        return "invoice of order " + order;
    }
}
