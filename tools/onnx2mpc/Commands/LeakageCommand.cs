using System.CommandLine;
using PrivateInference.CommandLine.Output;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc leakage</c>: what each party learns.</summary>
internal static class LeakageCommand
{
    public static Command Create()
    {
        Argument<string> planPath = CommonOptions.Plan();
        Option<bool> json = CommonOptions.Json();
        Command command = new("leakage", "Lists what each party learns from a plan and its execution.") { planPath, json };
        command.SetAction(parsed =>
        {
            ExecutionPlan plan = PlanSerializer.Load(parsed.GetRequiredValue(planPath));
            IReadOnlyList<Disclosure> disclosures = PlanDisclosures.Of(plan);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(new
                {
                    Plan = plan.Name,
                    Adversary = "semi-honest",
                    Disclosures = disclosures.Select(d => new { Learner = Name(d.Learner), Owner = Name(d.Owner), d.Subject, d.Description }),
                });
                return ExitCodes.Success;
            }

            foreach (Disclosure d in disclosures)
                Console.WriteLine($"the {Name(d.Learner)} learns of the {Name(d.Owner)}: {d.Subject} – {d.Description}");
            Console.WriteLine("Parties are assumed to follow the protocol (semi-honest); docs/threat-model.md says what that means.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Name(Enum party) => party.ToString().ToLowerInvariant();
}
