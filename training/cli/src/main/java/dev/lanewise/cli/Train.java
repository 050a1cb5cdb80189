package dev.lanewise.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train NAME}: one subcommand for each network. */
@Command(name = "train", description = "Train a network by its name.", subcommands = {TrainCnn.class, TrainGpt.class,
    TrainRegression.class, TrainRnn.class, TrainVae.class, TrainGan.class, TrainBert.class})
final class Train implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a network to train: " + Lanewise.names(spec));
  }
}
