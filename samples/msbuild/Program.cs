// The build compiled the model and put the plan beside the program; the weights stay in obj/, for the server.
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

ExecutionPlan plan = PlanSerializer.Load(Path.Combine(AppContext.BaseDirectory, "fashion-mnist.plan"));
CostReport cost = PlanCosts.Report(plan);
Console.WriteLine($"{plan.Name}: {plan.Steps.Length} steps, {cost.Relus} ReLUs, {CostTable.Bytes(cost.Total.Online)} online in {cost.Total.Online.Rounds} rounds");
