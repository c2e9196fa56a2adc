# A state machine in a file of Terraform.
resource "aws_sfn_state_machine" "resize" {
  name     = "resize"
  role_arn = aws_iam_role.resize.arn

  definition = jsonencode({
    StartAt = "Resize"
    States = {
      Resize = {
        Type           = "Task"
        Resource       = "arn:aws:states:::ecs:runTask.sync"
        TimeoutSeconds = var.timeout
        Parameters = {
          Cluster        = aws_ecs_cluster.images.arn
          TaskDefinition = "resize"
          NetworkConfiguration = {
            AwsvpcConfiguration = { Subnets = var.subnets }
          }
        }
        End = true
      }
    }
  })
}
