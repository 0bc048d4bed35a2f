using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Tests.Engine;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Preprocessing;

/// <summary>A session prepares, a later one infers; both audited.</summary>
public sealed class StoredSessionTests
{
    private static readonly ExecutionPlan s_plan = SamplePlans.EveryStep;

    private readonly StoreParty _client = new();
    private readonly StoreParty _server = new();

    [Fact]
    public void A_later_session_infers_with_what_an_earlier_one_prepared()
    {
        Prepare(2);
        using SessionPair pair = Open();
        Assert.Equal(2, pair.Client.StoredInferences);
        Assert.True(RequireRight(pair, seed: 1).Statistics.FromStore);
        Assert.True(RequireRight(pair, seed: 2).Statistics.FromStore);
        Assert.False(RequireRight(pair, seed: 3).Statistics.FromStore);
        Assert.Empty(_client.Items);
        Assert.Empty(_server.Items);
    }

    [Fact]
    public void Messages_of_a_session_that_lives_on_stored_material_are_the_predicted_ones()
    {
        Prepare(1);
        using SessionPair pair = Open(storeOnly: true);
        InferenceResult result = RequireRight(pair, seed: 1);
        SessionCosts costs = new TwoPartyProgram(s_plan).Costs;
        PlannedMessage[] predicted = [.. costs.Admission, .. StoreMessages.Opening, .. StoreMessages.Claiming, .. costs.Online];
        Assert.Equal<IEnumerable<PlannedMessage>>(predicted, [.. pair.Client.SetupMessages, .. result.Statistics.Messages]);
        Assert.Equal(predicted.Where(m => m.Cost.Sender == Party.Client).Sum(m => m.Cost.Bytes), pair.ClientStreamBytes);
        Assert.Equal(predicted.Where(m => m.Cost.Sender == Party.Server).Sum(m => m.Cost.Bytes), pair.ServerStreamBytes);
        CostReport report = PlanCosts.ReportFromStore(s_plan);
        Assert.Equal((report with { Storage = null }).ToJson(), CostReport.Create(s_plan, [.. pair.Client.SetupMessages, .. result.Statistics.Messages], step => report.Steps[step + 1].Protocol).ToJson());
    }

    [Fact]
    public void Bytes_on_the_disks_are_the_predicted_ones()
    {
        Prepare(1);
        PartyBytes predicted = PlanCosts.Stored(s_plan);
        Assert.Equal(predicted.ClientBytes, _client.Disk.Files[Assert.Single(_client.Items)].Content.Length);
        Assert.Equal(predicted.ServerBytes, _server.Disk.Files[Assert.Single(_server.Items)].Content.Length);
    }

    [Fact]
    public void Messages_of_preparing_ahead_are_the_predicted_ones()
    {
        using SessionPair pair = Open();
        pair.Client.Keep();
        pair.Client.Keep();
        SessionCosts costs = new TwoPartyProgram(s_plan).Costs;
        PlannedMessage[] item = [.. StoreMessages.Keeping, .. costs.Offline, .. StoreMessages.Kept];
        PlannedMessage[] predicted = [.. costs.Admission, .. StoreMessages.Opening, .. costs.Keys, .. item, .. item];
        Assert.Equal(predicted.Where(m => m.Cost.Sender == Party.Client).Sum(m => m.Cost.Bytes), pair.ClientStreamBytes);
        Assert.Equal(predicted.Where(m => m.Cost.Sender == Party.Server).Sum(m => m.Cost.Bytes), pair.ServerStreamBytes);
    }

    [Fact]
    public void Nothing_stored_fails_where_nothing_else_is_wanted()
    {
        using SessionPair pair = Open(storeOnly: true);
        Assert.Contains("onnx2mpc preprocess", Assert.Throws<StoreException>(() => RequireRight(pair, seed: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_half_without_the_other_is_dropped_and_the_next_is_used()
    {
        Prepare(2);
        _server.Disk.Files.Remove(PathOf(_server, Oldest()));
        using SessionPair pair = Open(storeOnly: true);
        Assert.True(RequireRight(pair, seed: 1).Statistics.FromStore);
        Assert.Contains("does not have its half", Assert.Single(pair.Notices), StringComparison.Ordinal);
        Assert.Empty(_client.Items);
        Assert.Empty(_server.Items);
    }

    [Fact]
    public void A_damaged_half_of_the_client_is_dropped_on_both_sides()
    {
        Prepare(2);
        Damage(_client);
        using SessionPair pair = Open(storeOnly: true);
        Assert.True(RequireRight(pair, seed: 1).Statistics.FromStore);
        Assert.Contains("damaged", Assert.Single(pair.Notices), StringComparison.Ordinal);
        Assert.Empty(_client.Items);
        Assert.Empty(_server.Items);
    }

    [Fact]
    public void A_damaged_half_of_the_server_is_dropped_on_both_sides()
    {
        Prepare(2);
        Damage(_server);
        using SessionPair pair = Open(storeOnly: true);
        Assert.True(RequireRight(pair, seed: 1).Statistics.FromStore);
        Assert.Single(pair.Notices);
        Assert.Contains(pair.Events, e => e.Contains("damaged", StringComparison.Ordinal));
        Assert.Empty(_server.Items);
    }

    [Fact]
    public void What_a_client_has_claimed_is_gone_when_it_leaves_without_using_it()
    {
        Prepare(1);
        using (SessionPair pair = Open())
            pair.Client.Prepare();
        Assert.Empty(_client.Items);
        Assert.Empty(_server.Items);
    }

    [Fact]
    public void Another_client_can_neither_use_nor_discard_it()
    {
        Prepare(1);
        string item = Assert.Single(_server.Items);
        byte[] id = Convert.FromHexString(Path.GetFileNameWithoutExtension(item));
        using (SessionPair pair = SessionPair.OpenStored(s_plan, SamplePlans.Weights, new StoreParty().Open(), _server.Open()))
        {
            byte[] answer = [7];
            StoreMessages.Send(pair.ClientChannel, MessageKind.Discard, StoreMessages.Discarded, id);
            StoreMessages.Send(pair.ClientChannel, MessageKind.Claim, StoreMessages.ClaimRequest, id);
            StoreMessages.Receive(pair.ClientChannel, MessageKind.Claim, StoreMessages.ClaimAnswer, answer);
            Assert.Equal(0, answer[0]);
        }

        Assert.Equal(item, Assert.Single(_server.Items));
        using SessionPair owner = Open(storeOnly: true);
        Assert.True(RequireRight(owner, seed: 1).Statistics.FromStore);
    }

    [Fact]
    public void Material_of_another_plan_or_server_is_left_alone()
    {
        Prepare(1);
        ExecutionPlan other = SamplePlans.Dividing;
        using (SessionPair pair = SessionPair.OpenStored(other, SamplePlans.Weights, _client.Open(), _server.Open()))
            Assert.Equal(0, pair.Client.StoredInferences);
        using (SessionPair pair = SessionPair.OpenStored(s_plan, SamplePlans.Weights, _client.Open(), new StoreParty().Open()))
            Assert.Equal(0, pair.Client.StoredInferences);
        Assert.Single(_client.Items);
        Assert.Single(_server.Items);
    }

    [Fact]
    public void A_server_without_a_store_serves_as_before_and_keeps_nothing()
    {
        using (SessionPair pair = SessionPair.OpenStored(s_plan, SamplePlans.Weights, _client.Open(), server: null))
        {
            Assert.False(RequireRight(pair, seed: 1).Statistics.FromStore);
            Assert.Contains("serve --store", Assert.Throws<StoreException>(pair.Client.Keep).Message, StringComparison.Ordinal);
        }

        Assert.Empty(_client.Items);
    }

    [Fact]
    public void A_server_keeps_no_more_than_its_limits_allow()
    {
        using SessionPair pair = SessionPair.OpenStored(s_plan, SamplePlans.Weights, _client.Open(), _server.Open(new StoreLimits { MaxItems = 1 }));
        pair.Client.Keep();
        Assert.Contains("takes no more", Assert.Throws<StoreException>(pair.Client.Keep).Message, StringComparison.Ordinal);
        Assert.Single(_client.Items);
        Assert.Single(_server.Items);

        // A refusal leaves the session as it was. The server notes it after it has answered.
        Assert.True(RequireRight(pair, seed: 1).Statistics.FromStore);
        Assert.Contains(pair.Events, e => e.Contains("its limit", StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_disk_is_noticed_before_anything_is_prepared()
    {
        _client.Disk.Free = 1000;
        using SessionPair pair = Open();
        Assert.Contains("free on its disk", Assert.Throws<StoreException>(pair.Client.Keep).Message, StringComparison.Ordinal);
        Assert.Empty(_client.Items);
    }

    [Fact]
    public void Store_messages_out_of_place_end_the_session()
    {
        using SessionPair pair = SessionPair.Open(s_plan, SamplePlans.Weights);
        StoreMessages.Send(pair.ClientChannel, MessageKind.Claim, StoreMessages.ClaimRequest, new byte[ItemId.Size]);
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(() => pair.ClientChannel.BeginReceiveAny());
        Assert.Contains("where a request was expected", failure.Message, StringComparison.Ordinal);
    }

    private void Prepare(int count)
    {
        using SessionPair pair = Open();
        for (int i = 0; i < count; i++)
            pair.Client.Keep();
        Assert.Equal(count, _client.Items.Length);
        Assert.Equal(count, _server.Items.Length);
    }

    private SessionPair Open(bool storeOnly = false) => SessionPair.OpenStored(s_plan, SamplePlans.Weights, _client.Open(), _server.Open(), storeOnly);

    private static InferenceResult RequireRight(SessionPair pair, int seed)
    {
        PlanValue value = s_plan.Values[s_plan.Steps[0].Output];
        Random random = new(seed);
        float[] input = [.. Enumerable.Range(0, value.Count).Select(_ => (float)(value.Minimum + (random.NextDouble() * (value.Maximum - value.Minimum))))];
        InferenceResult result = pair.Client.Infer(input);
        Assert.Equal((IEnumerable<float>)new FixedPointInterpreter(s_plan, SamplePlans.Weights).Infer(input).Elements, result.Output);
        return result;
    }

    private string Oldest() => Path.GetFileName(_client.Disk.Files.Where(f => f.Key.EndsWith(ItemFiles.Item, StringComparison.Ordinal)).MinBy(f => f.Value.Written).Key);

    private static string PathOf(StoreParty party, string name) => party.Items.Single(i => Path.GetFileName(i) == name);

    private void Damage(StoreParty party) => party.Disk.Files[PathOf(party, Oldest())].Content[ItemHeader.Size + 5] ^= 1;
}
