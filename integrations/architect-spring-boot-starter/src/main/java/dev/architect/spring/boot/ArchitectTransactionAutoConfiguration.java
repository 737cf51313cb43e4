package dev.architect.spring.boot;

import dev.architect.Architect;
import dev.architect.spi.Store;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tasks that are submitted in the host's transactions. */
@AutoConfiguration(
        after = ArchitectAutoConfiguration.class,
        afterName = {
            // Spring Boot 3.5
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            // Spring Boot 4
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnProperty(prefix = "architect", name = "enabled", matchIfMissing = true)
@ConditionalOnClass({DataSourceUtils.class, TransactionSynchronizationManager.class})
@ConditionalOnBean({Architect.class, Store.class})
public class ArchitectTransactionAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TransactionalTasks architectTransactionalTasks(
            Architect architect,
            Store store,
            ObjectProvider<OpenedStore> opened,
            ObjectProvider<DataSource> dataSources,
            ArchitectProperties properties) {
        OpenedStore own = opened.getIfUnique();
        // The host of a store of its own making has put it into its database, or has no use for this bean.
        Optional<DataSource> shared = own == null ? Optional.ofNullable(dataSources.getIfUnique()) : own.dataSource();
        return new TransactionalTasks(
                architect.tasks(),
                HostTransactions.of(store, shared),
                properties.tasks().propagation());
    }
}
