using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>
/// A changed byte anywhere ends the session with a message, or changes numbers; it causes no other failure at either party
/// and no endless wait. (TLS keeps others from changing bytes; this is about the parties themselves.)
/// </summary>
public sealed class DamagedTrafficTests
{
    public static TheoryData<bool, Party, int> Senders()
    {
        TheoryData<bool, Party, int> senders = [];
        foreach (bool byTransfer in new[] { false, true })
        {
            SessionCosts costs = new TwoPartyProgram(Plan(byTransfer)).Costs;
            foreach ((Party sender, int count) in costs.Setup.Concat(costs.Offline).Concat(costs.Online).CountBy(m => m.Cost.Sender))
            {
                for (int i = 0; i < count; i++)
                    senders.Add(byTransfer, sender, i);
            }
        }

        return senders;
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public void A_changed_byte_in_a_message_ends_the_session_or_changes_numbers(bool byTransfer, Party sender, int message)
    {
        SessionCosts costs = new TwoPartyProgram(Plan(byTransfer)).Costs;
        PlannedMessage[] sent = [.. costs.Setup.Concat(costs.Offline).Concat(costs.Online).Where(m => m.Cost.Sender == sender)];
        Random random = new(message);
        long start = sent[..message].Sum(m => m.Cost.Bytes);

        // Headers and payloads alternate; the length's high byte is the most tempting.
        bool inHeader = message % 2 == 0 || sent[message].Cost.Bytes == MessageHeader.Size;
        long offset = inHeader ? random.Next(5) switch { 0 => 0, 1 => 2, 2 => 4, 3 => 8, _ => 15 } : random.NextInt64(MessageHeader.Size, sent[message].Cost.Bytes);
        bool failed = !Runs(byTransfer, sender, start + offset, (byte)(1 << random.Next(8)));
        if (inHeader)
            Assert.True(failed, "A changed header was accepted.");
    }

    private static ExecutionPlan Plan(bool byTransfer) => byTransfer ? SecretPlan.CheckedPlan : SamplePlans.EveryStep;

    private static bool Runs(bool byTransfer, Party sender, long position, byte change)
    {
        // Disposing the pair waits for the server and rethrows whatever it did not foresee.
        using SessionPair pair = SessionPair.Create(
            Plan(byTransfer), byTransfer ? SecretPlan.Weights : SamplePlans.Weights, wrap: (party, channel) => party == sender ? new FlippingChannel(channel, position, change) : channel);
        try
        {
            pair.Client.Open();
            pair.Client.Infer(new float[byTransfer ? 36 : 16]);
            return true;
        }
        catch (PeerProtocolException)
        {
            return false;
        }
    }
}
