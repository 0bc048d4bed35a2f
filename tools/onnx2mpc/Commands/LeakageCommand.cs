using System.CommandLine;
using PrivateInference.CommandLine.Output;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc leakage</c>: what each party learns.</summary>
internal static class LeakageCommand
{
    public static Command Create()
    {
        Argument<string> planPath = CommonOptions.Plan();
        Option<bool> dealer = CommonOptions.WithDealer("With a dealer: what it learns, and what it would learn by colluding.");
        Option<bool> json = CommonOptions.Json();
        Command command = new("leakage", "Lists what each party learns from a plan and its execution.") { planPath, dealer, json };
        command.SetAction(parsed =>
        {
            ExecutionPlan plan = PlanSerializer.Load(parsed.GetRequiredValue(planPath));
            IReadOnlyList<Disclosure> disclosures = PlanDisclosures.Of(plan, parsed.GetValue(dealer));
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

    private static string Name(Party party) => party == Party.Helper ? "dealer" : party.ToString().ToLowerInvariant();
}
