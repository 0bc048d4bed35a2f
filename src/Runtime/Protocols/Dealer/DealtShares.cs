using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>
/// The client's shares of all values of one inference with a dealer. They follow from the client's seed alone: the client and
/// the dealer derive the same. Every step whose output is not a local function of its inputs has a fresh share.
/// </summary>
internal sealed class DealtShares
{
    private readonly DealerStreams _client;

    public DealtShares(DealtProgram program, DealerStreams client, ulong serial)
    {
        ExecutionPlan plan = program.Plan;
        _client = client;
        Serial = serial;
        Values = new ulong[plan.Values.Length][];
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            PlanStep step = plan.Steps[i];
            int count = plan.Values[step.Output].Count;
            if (OfflineSchedule.HasFreshOutput(step) || program.FindLinear(i) is not null)
            {
                Values[step.Output] = client.OutputShare(serial, i, count, plan.RingBits);
            }
            else if (LocalSteps.IsLocal(step))
            {
                Values[step.Output] = new ulong[count];
                LocalSteps.Execute(plan, step, Values, constants: null, Values[step.Output]!);
            }
        }
    }

    /// <summary>Counts the session's inferences, from 0.</summary>
    public ulong Serial { get; }

    /// <summary>By value; null for what only the output step has.</summary>
    public ulong[]?[] Values { get; }

    /// <summary>k of a linear step.</summary>
    public ulong[] Pad(DealtLinearProtocol linear, int ringBits) => _client.Pad(Serial, linear.Step, linear.Outputs, ringBits);
}
