/**
 * Trainer, losses, optimizers, schedules, metrics, data and checkpoints.
 */
module dev.lanewise.training {
  requires transitive dev.lanewise.layers;
  requires java.net.http;
  requires static transitive org.jspecify;

  exports dev.lanewise.training;
  exports dev.lanewise.training.data;
  exports dev.lanewise.training.data.table;
  exports dev.lanewise.training.data.text;
  exports dev.lanewise.training.generation;
  exports dev.lanewise.training.models;
}
